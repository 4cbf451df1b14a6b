//! The desk over HTTP: pages for the officer, JSON for the demo.

use std::sync::Arc;

use activation_contract::{Device, Order};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json as Told, Router};
use base::{Id, PersonId};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use web::{Access, Failed, Form, Frontage, Hosts, Json, Language, Path, Query, Refused, Routes};

use super::unlock::{Locked, Unlocked};
use super::views::{self, Hold, Standing};
use super::{Desk, DeskError, Lock, Sheet};

/// What the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct Counter {
    desk: Arc<Desk>,
    lock: Lock,
}

impl Locked for Counter {
    fn lock(&self) -> &Lock {
        &self.lock
    }
}

/// The desk at `authority` (`desk.localhost:4000`); any other host is 421.
pub(crate) fn at(authority: &str, desk: Arc<Desk>, lock: Lock) -> Router {
    let router = routes().with_state(Counter { desk, lock });
    Hosts::new().with(authority, Frontage::default().before(router)).into_router()
}

fn routes() -> Routes<Counter> {
    Routes::new()
        .get("/", Access::Bearer, front)
        .get("/open", Access::Bearer, open)
        .post("/people", Access::Bearer, find)
        .get("/people/{person}", Access::Bearer, person)
        .post("/people/{person}", Access::Bearer, order)
        .get("/people/{person}/end/{device}", Access::Bearer, end)
        .post("/people/{person}/end/{device}", Access::Bearer, ended)
        .post("/offers", Access::Bearer, offer)
        .get("/offers/{offer}", Access::Bearer, standing)
        .post("/offers/{offer}", Access::Bearer, bind)
        .post("/api/offers", Access::Bearer, api_offer)
        .get("/api/offers/{offer}", Access::Bearer, api_standing)
        .post("/api/offers/{offer}/bind", Access::Bearer, api_bind)
        .get(web::PAGE_FILES, Access::Anybody, web::page_file)
}

#[derive(Deserialize)]
struct Opening {
    key: String,
}

/// The address in the key file: sets the cookie, and the key leaves the address.
async fn open(
    State(counter): State<Counter>,
    Query(Opening { key }): Query<Opening>,
) -> Result<Response, Failed> {
    let cookie = counter.lock.cookie(&key).ok_or(Refused::NotFound)?;
    Ok((cookie, Redirect::to("/")).into_response())
}

/// Whom to enrol. Locked, it says how it is opened.
async fn front(
    State(counter): State<Counter>,
    Language(locale): Language,
    headers: HeaderMap,
) -> Response {
    let hold = Hold::new(locale, "/");
    if !counter.lock.is_open(&headers) {
        return (StatusCode::FORBIDDEN, web::private_page(views::locked(&hold))).into_response();
    }
    web::private_page(views::front(&hold, &counter.desk.front(None)))
}

#[derive(Deserialize)]
struct Finding {
    code: String,
}

/// Looks somebody up.
async fn find(
    State(counter): State<Counter>,
    _: Unlocked,
    Language(locale): Language,
    Form(Finding { code }): Form<Finding>,
) -> Result<Response, Failed> {
    match counter.desk.find(&code).await {
        Ok(visitor) => Ok(Redirect::to(&format!("/people/{}", visitor.person)).into_response()),
        Err(DeskError::Nobody) => {
            let page = views::front(&Hold::new(locale, "/"), &counter.desk.front(Some(code)));
            Ok((StatusCode::NOT_FOUND, web::private_page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A person's phones, and whether everything is frozen.
async fn person(
    State(counter): State<Counter>,
    _: Unlocked,
    Language(locale): Language,
    Path(person): Path<PersonId>,
) -> Result<Response, Failed> {
    let visitor = counter.desk.visitor(person).ok_or(DeskError::Unknown)?;
    let means = counter.desk.means(person).await?;
    let hold = Hold::new(locale, &format!("/people/{person}"));
    Ok(web::private_page(views::person(&hold, &visitor, &means)))
}

#[derive(Deserialize)]
struct Ordering {
    freeze: Option<String>,
    unfreeze: Option<String>,
}

async fn order(
    State(counter): State<Counter>,
    _: Unlocked,
    Path(person): Path<PersonId>,
    Form(ordering): Form<Ordering>,
) -> Result<Redirect, Failed> {
    counter.desk.visitor(person).ok_or(DeskError::Unknown)?;
    let order = match ordering {
        Ordering { unfreeze: Some(_), freeze: None } => Order::Unfreeze,
        Ordering { freeze: Some(_), unfreeze: None } => Order::Freeze,
        _ => return Err(Refused::Parameters.into()),
    };
    counter.desk.order(person, order).await?;
    Ok(Redirect::to(&format!("/people/{person}")))
}

/// Asks whether to end a phone.
async fn end(
    State(counter): State<Counter>,
    _: Unlocked,
    Language(locale): Language,
    Path((person, device)): Path<(PersonId, Id<Device>)>,
) -> Result<Response, Failed> {
    let visitor = counter.desk.visitor(person).ok_or(DeskError::Unknown)?;
    let means = counter.desk.means(person).await?;
    let phone = means.devices.iter().find(|one| one.device == device && one.ended.is_none());
    let phone = phone.ok_or(DeskError::Unknown)?;
    let hold = Hold::new(locale, &format!("/people/{person}/end/{device}"));
    Ok(web::private_page(views::end(&hold, &visitor, phone)))
}

async fn ended(
    State(counter): State<Counter>,
    _: Unlocked,
    Path((person, device)): Path<(PersonId, Id<Device>)>,
) -> Result<Redirect, Failed> {
    counter.desk.visitor(person).ok_or(DeskError::Unknown)?;
    counter.desk.order(person, Order::EndDevice { device }).await?;
    Ok(Redirect::to(&format!("/people/{person}")))
}

#[derive(Deserialize)]
struct Enrolling {
    person: PersonId,
}

async fn offer(
    State(counter): State<Counter>,
    _: Unlocked,
    Form(Enrolling { person }): Form<Enrolling>,
) -> Result<Redirect, Failed> {
    let sheet = counter.desk.offer(person).await?;
    Ok(Redirect::to(&format!("/offers/{}", sheet.offer)))
}

async fn standing(
    State(counter): State<Counter>,
    _: Unlocked,
    Language(locale): Language,
    Path(offer): Path<String>,
) -> Result<Response, Failed> {
    let sheet = counter.desk.sheet(&offer).ok_or(DeskError::Unknown)?;
    let hold = Hold::new(locale, &format!("/offers/{offer}"));
    let name = counter.desk.visitor(sheet.person).map_or_else(String::new, |one| one.name);
    let phone = counter.desk.arrived(&offer).await?;
    Ok(web::private_page(views::standing(&hold, &Standing { sheet, name, phone })))
}

#[derive(Deserialize)]
struct Comparing {
    digits: String,
}

async fn bind(
    State(counter): State<Counter>,
    _: Unlocked,
    Path(offer): Path<String>,
    Form(Comparing { digits }): Form<Comparing>,
) -> Result<Redirect, Failed> {
    counter.desk.sheet(&offer).ok_or(DeskError::Unknown)?;
    counter.desk.bind(&offer, &digits).await?;
    Ok(Redirect::to(&format!("/offers/{offer}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// An alias of the cast, or a person's id.
    person: String,
}

async fn api_offer(
    State(counter): State<Counter>,
    _: Unlocked,
    Json(Named { person }): Json<Named>,
) -> Result<Told<Sheet>, Failed> {
    let person = counter.desk.person(&person).ok_or(DeskError::Unknown)?;
    Ok(Told(counter.desk.offer(person).await?))
}

/// How an offer stands, for programs.
#[derive(Serialize)]
struct Offered {
    /// The digits of the phone that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<String>,
    /// Whether it is bound.
    bound: bool,
}

async fn api_standing(
    State(counter): State<Counter>,
    _: Unlocked,
    Path(offer): Path<String>,
) -> Result<Told<Offered>, Failed> {
    let arrived = counter.desk.arrived(&offer).await?;
    let bound = arrived.as_ref().is_some_and(|phone| phone.answer.bound);
    Ok(Told(Offered { digits: arrived.map(|phone| phone.digits), bound }))
}

/// A bound phone's person, for programs.
#[derive(Serialize)]
struct Bound {
    user_number: String,
}

async fn api_bind(
    State(counter): State<Counter>,
    _: Unlocked,
    Path(offer): Path<String>,
    Json(Comparing { digits }): Json<Comparing>,
) -> Result<Told<Bound>, Failed> {
    Ok(Told(Bound { user_number: counter.desk.bind(&offer, &digits).await? }))
}
