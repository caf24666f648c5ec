use crate::cli::Ending;

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct PathArgs {
    /// Commands a second.
    #[arg(long, default_value_t = 50)]
    rate: u32,
}

pub(super) async fn path(_args: PathArgs) -> anyhow::Result<Ending> {
    Ok(Ending::Failed)
}
