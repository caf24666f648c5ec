//! From events to rows: each file writes the rows of one context, by its order alone. Whose inbox
//! changes is found out beside, and decides no row.

pub(super) mod casework;
pub(super) mod directory;
pub(super) mod housing;
pub(super) mod intake;
pub(super) mod referrals;
