//! Rules on the policies as such, and on how decisions are made of them. What each part may see is
//! in the golden matrix; what nobody may is proved in `tests/proofs.rs`.

mod decisions;
mod files;
mod worlds;
