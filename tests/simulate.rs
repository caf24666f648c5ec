//! The published winter of the emergency service of Bari: its totals come out of the read models.

#![cfg(test)]

#[path = "installation.rs"]
mod installation;

use installation::Installation;

#[test]
fn a_winter_adds_up_to_its_published_figures_and_again_changes_nothing() {
    let trama = Installation::up("simulate");
    let winter = ["simulate", "--profile", "bari-winter-2021", "--seed", "7"];

    let (code, said) = trama.run(&winter);
    assert_eq!(code, 0, "{said}");
    let total = said.lines().find(|line| line.starts_with("total")).unwrap();
    let figures: Vec<&str> = total.split_whitespace().collect();
    assert_eq!(figures.join(" "), "total 715 of 715 435 of 435 108 of 108 14396 of 14396");

    let told = trama.positions();
    let (code, again) = trama.run(&winter);
    assert_eq!(code, 0, "{again}");
    assert_eq!(again, said);
    assert_eq!(trama.positions(), told, "the same seed recorded something twice");
}
