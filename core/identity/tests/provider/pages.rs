//! The pages themselves, and every address asked by nobody.

use http::Method;
use identity::Identity;
use web::Access;

use crate::phones::remember;
use crate::world::{Browser, World, authorize};

#[tokio::test]
async fn no_page_has_a_blemish_and_none_holds_a_secret_in_its_title() {
    let world = World::new().await;
    let (anna, mut browser) = (world.phone(1).await, Browser::new());
    remember(&world, &anna, &mut browser).await;
    let login = browser.begin(&world, &[("prompt", "login")]).await;
    for language in ["lv", "en"] {
        for path in [
            format!("{login}?lang={language}"),
            format!("{login}/qr?lang={language}"),
            format!("/device?lang={language}"),
            format!("/a/BCDFGHJK?lang={language}"),
            format!("/logout?lang={language}"),
            format!("/login/00?lang={language}"),
            format!("{}&lang={language}", authorize(&[("redirect_uri", "")])),
        ] {
            let page = browser.get(&world, &path).await;
            let text = page.text();
            assert!(text.contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert_eq!(ui::blemishes(&text), Vec::<String>::new(), "{path}");
            let title = text.split("</title>").next().unwrap();
            assert!(!title.contains("BCDF"), "{path}");
            assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        }
    }
    let form = [("go-on", "1"), ("user-number", "12")];
    let wrong = browser.post(&world, &login, &form).await.text();
    assert!(wrong.contains("value=\"12\"") && wrong.contains("class=\"errors\""));
    assert_eq!(ui::blemishes(&wrong), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_gets_anything_at_an_address_that_is_not_for_anybody() {
    let world = World::new().await;
    let routes = Identity::routes();
    assert!(routes.table().len() > 20);
    for route in routes.table() {
        let path = route.path.replace("{id}", &"0".repeat(32)).replace("{ask}", "x");
        let path = path.replace("{code}", "BCDFGHJK");
        let request = http::Request::builder().method(route.method.clone()).uri(path);
        let json = route.path.starts_with("/app/") && route.method == Method::POST;
        let (kind, body) = match json {
            true => ("application/json", "{\"word\":\"a.b.c\"}"),
            false => ("application/x-www-form-urlencoded", ""),
        };
        let request = request.header("content-type", kind).body(body.into()).unwrap();
        let got = world.send(request).await;
        let refused = matches!(got.status, 400 | 401 | 404);
        let fits = match route.access {
            Access::Client | Access::Bearer | Access::Person | Access::System => refused,
            Access::Anybody => got.status < 500,
        };
        assert!(fits, "{} {}: {}", route.method, route.path, got.status);
    }
}
