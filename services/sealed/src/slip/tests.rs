use time::macros::date;
use trama_events::ids::OrganisationId;
use uuid::Uuid;

use super::*;

const SERD: OrganisationId = OrganisationId(Uuid::from_u128(1));
const COURT: OrganisationId = OrganisationId(Uuid::from_u128(2));
const TODAY: Date = date!(2024 - 11 - 22);

fn here() -> Sealing {
    Sealing::new([7; 32], &[SERD, COURT])
}

fn printed() -> (Sealing, SealedKey, Slip) {
    let sealing = here();
    let log = sealing.key_of(SERD).unwrap();
    let nonce = *b"sixteen bytes ..";
    let slip = Slip::print(&sealing, log, nonce, TODAY);
    (sealing, log, slip)
}

#[test]
fn a_slip_reads_back_as_it_is_written_or_typed() {
    let (_, _, slip) = printed();
    let written = slip.to_string();
    assert_eq!(written.split('-').map(str::len).collect::<Vec<_>>(), [GROUP_LEN; GROUPS]);
    assert_eq!(written.parse(), Ok(slip));
    assert_eq!(written.to_lowercase().replace('-', " ").replace('0', "o").parse(), Ok(slip));
}

#[test]
fn a_mistyped_group_is_named() {
    let (_, _, slip) = printed();
    let mut groups: Vec<String> = slip.to_string().split('-').map(ToOwned::to_owned).collect();
    let last = groups[4].pop().unwrap();
    groups[4].push(if last == '7' { '8' } else { '7' });
    assert_eq!(groups.join("-").parse::<Slip>(), Err(NotASlip::Group(5)));
    for wrong in ["", "7K2FMQ", &format!("{slip}-7K2FMQ"), &slip.to_string().replacen('-', "!", 1)]
    {
        assert_eq!(wrong.parse::<Slip>(), Err(NotASlip::Form), "{wrong}");
    }
}

#[test]
fn a_slip_is_for_one_log_of_one_installation() {
    let (sealing, log, slip) = printed();
    assert!(slip.is_for(&sealing, log));
    assert!(!slip.is_for(&sealing, sealing.key_of(COURT).unwrap()));
    assert!(!slip.is_for(&Sealing::new([8; 32], &[SERD]), log));
}

#[test]
fn no_bit_of_a_slip_can_be_changed() {
    let (sealing, log, slip) = printed();
    for bit in 0..LEN * 8 {
        let mut forged = slip;
        forged.0[bit / 8] ^= 1 << (bit % 8);
        assert!(!forged.is_for(&sealing, log), "bit {bit}");
    }
}

#[test]
fn a_slip_can_be_handed_in_for_thirty_days() {
    assert_eq!(printed().2.last_day(), date!(2024 - 12 - 22));
}

#[test]
fn what_is_kept_of_a_spent_slip_says_nothing_without_the_secret_threat_3() {
    let (sealing, log, slip) = printed();
    let kept = slip.spent(&sealing, log);
    assert_eq!(kept.len(), 64);
    assert_ne!(kept, slip.spent(&Sealing::new([8; 32], &[SERD]), log));
    assert_eq!(format!("{slip:?}"), "Slip(..)");
}
