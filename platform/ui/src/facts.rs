//! Labels with values, and rows to compare.

use maud::{Markup, html};

/// How facts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The value below its label.
    Below,
    /// The value beside its label.
    Beside,
    /// As a ledger over the whole width.
    Wide,
}

/// Labels with their values.
#[must_use]
pub fn facts(stand: Stand, rows: &[(String, Markup)]) -> Markup {
    let class = match stand {
        Stand::Below => "facts",
        Stand::Beside => "facts facts-side",
        Stand::Wide => "facts facts-wide",
    };
    html! {
        dl class=(class) {
            @for (label, value) in rows { div { dt { (label) } dd { (value) } } }
        }
    }
}

/// One row of [`facts`].
#[must_use]
pub fn fact(label: impl Into<String>, value: impl maud::Render) -> (String, Markup) {
    (label.into(), html! { (value) })
}

/// What is spelled: a code, a number, a digest.
#[must_use]
pub fn code(text: &str) -> Markup {
    html! { span.code { (text) } }
}

/// Bytes spelled in groups of four hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> Markup {
    let groups: Vec<String> = bytes.chunks(2).map(base::hex).collect();
    code(&groups.join(" "))
}

/// Rows to compare: the first cell of each is its heading. On a phone each row folds.
#[derive(Clone, Debug)]
pub struct Table {
    caption: String,
    caption_seen: bool,
    columns: Vec<String>,
    rows: Vec<Vec<Markup>>,
}

impl Table {
    /// A table with its caption and column headings.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: Vec<String>) -> Self {
        Self { caption: caption.into(), caption_seen: true, columns, rows: Vec::new() }
    }

    /// The heading above says it already: the caption is for readers only.
    #[must_use]
    pub fn caption_unseen(mut self) -> Self {
        self.caption_seen = false;
        self
    }

    /// Adds a row, a cell per column.
    pub fn row(&mut self, cells: Vec<Markup>) {
        self.rows.push(cells);
    }

    fn cells(&self, row: &[Markup]) -> Markup {
        html! {
            @for (place, (label, cell)) in self.columns.iter().zip(row).enumerate() {
                @if place == 0 { th role="rowheader" scope="row" { (cell) } }
                @else { td role="cell" data-label=(label) { div { (cell) } } }
            }
        }
    }
}

impl maud::Render for Table {
    fn render(&self) -> Markup {
        html! {
            table.table role="table" {
                caption class=[(!self.caption_seen).then_some("unseen")] { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for label in &self.columns {
                            th role="columnheader" scope="col" { (label) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in &self.rows { tr role="row" { (self.cells(row)) } }
                }
            }
        }
    }
}
