//! Whose rows of the beds a reader sees: who sleeps where, of her own services; what is free, of all
//! but secret shelters.

use trama_platform::follow::Fence;

use crate::fence::SERVICES;

/// Guests have no fence: no door reads them.
pub(super) fn fences() -> Vec<Fence> {
    let own = || format!("facility = any {SERVICES}");
    let seen = "facility in (select facility from facilities)";
    let views = taken().into_iter().map(Fence::beside).chain([Fence::beside(SECRET_CAPACITY)]);
    let fences = [
        Fence::rows("facilities", format!("not secret or facility = any {SERVICES}")),
        Fence::rows("services", "exists (select from facilities f where f.facility = service)"),
        Fence::rows("seasons", seen),
        Fence::rows("places", seen),
        Fence::rows("waits", seen),
        Fence::rows("blocks", "exists (select from places p where p.place = blocks.place)"),
        Fence::rows("nights", own()),
        Fence::rows("lodgings", own()),
        Fence::view("taken"),
        Fence::view("lodged"),
        Fence::view("secret_capacity"),
        Fence::public("changes"),
    ];
    views.chain(fences).collect()
}

/// Places that somebody has on a night, or for a time: of whom says another table. Such a view runs
/// with the rights of its owner, who sees every row, and so keeps secret shelters back itself.
fn taken() -> [String; 2] {
    let house = format!(
        "join facilities f using (facility) where (not f.secret or f.facility = any {SERVICES})"
    );
    [
        format!(
            "create view taken with (security_barrier) as \
                select n.place, n.night, n.state from nights n {house} \
                    and n.state in ('reserved', 'checked_in')"
        ),
        format!(
            "create view lodged with (security_barrier) as \
                select l.place, l.from_night, l.to_night from lodgings l {house}"
        ),
    ]
}

/// When a place in some secret shelter exists: neither which place nor which shelter.
const SECRET_CAPACITY: &str = "
    create view secret_capacity as
        select greatest(p.from_night, f.opened_on) as from_night,
            least(p.to_night, f.closed_on) as to_night
        from places p join facilities f using (facility) where f.secret";
