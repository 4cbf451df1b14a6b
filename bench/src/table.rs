//! The figures, as they are printed.

use std::time::Duration;

use crate::demo::Cost;
use crate::floor::micros;

/// Rows of figures.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<[String; 6]>);

impl Table {
    /// So many operations at this cost, beside the floor of one.
    pub(crate) fn row(&mut self, what: &str, times: u32, cost: Cost, floor: Duration) {
        if times == 0 {
            self.missing(what, "nothing was answered");
            return;
        }
        let each = micros(cost.cpu / times);
        let second = f64::from(times) / cost.wall.as_secs_f64().max(f64::EPSILON);
        self.0.push([
            what.to_owned(),
            times.to_string(),
            format!("{each:.0} µs"),
            format!("{:.0} µs", micros(floor)),
            format!("{:.1}", each / micros(floor).max(f64::EPSILON)),
            format!("{second:.0}"),
        ]);
    }

    /// An operation that could not be measured.
    pub(crate) fn missing(&mut self, what: &str, why: &str) {
        let none = String::new;
        self.0.push([
            what.to_owned(),
            format!("not measured: {why}"),
            none(),
            none(),
            none(),
            none(),
        ]);
    }

    /// The table.
    pub(crate) fn text(&self) -> String {
        let heads =
            ["operation", "times", "CPU each", "floor each", "times the floor", "a second here"];
        let heads = heads.map(str::to_owned);
        let rows: Vec<_> = [&heads].into_iter().chain(&self.0).collect();
        let wide = |place: usize| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..heads.len()).map(wide).collect();
        let line = |row: &[String; 6]| {
            let cells = row.iter().zip(&widths);
            cells.map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>().join("  ")
        };
        rows.into_iter().map(|row| line(row).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }
}
