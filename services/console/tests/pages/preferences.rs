//! What a browser keeps of somebody's taste: the language, and whether single keys act.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use trama_events::codes::Role;

use super::harness::World;
use super::site::{Answer, ORIGIN, Site};

async fn opens(site: &Site, cookie: &str, path: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookie);
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_language_is_chosen_before_signing_in_and_by_nobody_else() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), false);
    let italian = opens(&site, "", "/entra?poi=/rete").await;
    assert!(italian.text.contains("<html lang=\"it\">") && italian.text.contains("Entra in Trama"));

    let chosen = Request::post("/lingua")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, format!("{ORIGIN}/entra?poi=/rete"))
        .header(header::ORIGIN, ORIGIN);
    let chosen = site.send(chosen.body(Body::from("lingua=en")).unwrap()).await;
    assert_eq!((chosen.status, chosen.to.as_str()), (StatusCode::SEE_OTHER, "/entra?poi=/rete"));
    assert!(chosen.cookie.starts_with("__Host-trama-lingua=en; Path=/;"), "{}", chosen.cookie);
    let english = opens(&site, "__Host-trama-lingua=en", "/entra?poi=/rete").await;
    assert!(
        english.text.contains("<html lang=\"en\">") && english.text.contains("Sign in to Trama")
    );

    let foreign = Request::post("/lingua")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let foreign = site.send(foreign.body(Body::from("lingua=en")).unwrap()).await;
    assert_eq!((foreign.status, foreign.cookie.as_str()), (StatusCode::NOT_FOUND, ""));
    for wrong in ["lingua=xx", "", "lingua=it%0d%0aX-Y:z"] {
        let refused = site.post("/lingua", "", wrong).await;
        assert_eq!((refused.status, refused.cookie.as_str()), (StatusCode::NOT_FOUND, ""));
    }
}

#[tokio::test]
async fn single_keys_are_turned_off_and_on_again_by_a_form_wcag_2_1_4() {
    let world = World::start().await;
    let site = Site::over(&world.servers, world.reads.clone(), false);
    let (cookie, csrf) = site.session(Role::CaseManager).await;
    let on = opens(&site, &cookie, "/aiuto").await;
    assert!(!on.text.contains("data-tasti") && on.text.contains("Spegni i tasti singoli"));
    let turned = site.post("/aiuto", &cookie, &format!("csrf={csrf}&tasti=spenti")).await;
    assert_eq!((turned.status, turned.to.as_str()), (StatusCode::SEE_OTHER, "/aiuto"));
    let cookies = format!("{cookie}; {}", turned.cookie.split(';').next().unwrap());
    let off = opens(&site, &cookies, "/aiuto").await;
    assert!(off.text.contains("data-tasti=\"spenti\"") && off.text.contains("Accendi i tasti"));
    let back = site.post("/aiuto", &cookies, &format!("csrf={csrf}&tasti=accesi")).await;
    assert!(back.cookie.starts_with("__Host-trama-tasti=accesi;"), "{}", back.cookie);
    let refused = site.post("/aiuto", &cookie, "csrf=x&tasti=spenti").await;
    assert_eq!((refused.status, refused.cookie.as_str()), (StatusCode::FORBIDDEN, ""));
}
