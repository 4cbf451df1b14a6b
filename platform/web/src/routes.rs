//! A router that knows who may come to each of its routes.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;

/// Who may come to a route. The handler's extractors enforce it; the table lets a test ask every
/// route as nobody, as somebody else and in a wrong role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a session.
    Anybody,
    /// Whoever holds the secret that the path or body names (a login request, a file's address).
    Bearer,
    /// A client of the protocol that authenticates itself in the request.
    Client,
    /// A person with a session of this system.
    Person,
    /// A system with a client certificate.
    System,
}

/// One route: method, path and who may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path as axum writes it: `/files/{id}`.
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
}

/// Routes and their table, built together so that neither can lack a row of the other.
#[derive(Debug)]
pub struct Routes<S = ()> {
    router: Router<S>,
    table: Vec<Route>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No route yet.
    #[must_use]
    pub fn new() -> Self {
        Self { router: Router::new(), table: Vec::new() }
    }

    /// And `GET path` for `access`.
    #[must_use]
    pub fn get<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.on(Method::GET, path, access, handler)
    }

    /// And `POST path` for `access`.
    #[must_use]
    pub fn post<T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        self.on(Method::POST, path, access, handler)
    }

    fn on<T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        handler: impl Handler<T, S>,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        self.router = self.router.route(path, on(filter, handler));
        self.table.push(Route { method, path, access });
        self
    }

    /// All routes of `other` too.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// The table: what a test walks.
    #[must_use]
    pub fn table(&self) -> &[Route] {
        &self.table
    }

    /// The router with its state.
    pub fn with_state(self, state: S) -> Router {
        self.router.with_state(state)
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}
