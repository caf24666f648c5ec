//! From events to rows: each file writes the rows of one context, by its order alone.

pub(super) mod casework;
pub(super) mod directory;
pub(super) mod housing;
pub(super) mod identity;
pub(super) mod intake;
pub(super) mod referrals;
pub(super) mod wishes;
