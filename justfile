# The verbs of the project. `just` alone lists them.

_list:
    @just --list --unsorted

# What CI runs: format, lints, tests, dependencies; installs what is missing
check:
    tests/all

# Put every file into its form
fmt:
    cargo fmt --all

# Lints, warnings as errors
clippy:
    cargo clippy --workspace --all-targets -- -D warnings

# Tests; narrow them with nextest's own filters, e.g. `just test -p trama-events`
test *ARGS:
    cargo nextest run {{ if ARGS == "" { "--workspace" } else { ARGS } }}

# Licences, duplicates, sources and advisories of the dependencies
deny:
    cargo deny check

# The demo; the flags are those of deploy/demo, e.g. `just demo --port 9000`
demo *ARGS:
    deploy/demo {{ ARGS }}

# One bench with its comparison, e.g. `just bench append --concurrency 64`
bench *ARGS:
    cargo run --release -p trama -- bench {{ ARGS }} --json

# Write golden files of new events; one that exists is never changed
golden:
    GOLDEN=write cargo test -p trama-events --test golden every_sample_is_written_exactly_as_its_golden_file
