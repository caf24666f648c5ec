//! C1 to C10 of trust.md D4, proved for every request there can be: `cedar-policy-symcc` with cvc5.
//!
//! Where cvc5 is missing these tests fail and say what to install: `apt-get install -y cvc5`.

#![cfg(test)]

use std::path::{Path, PathBuf};

use cedar_policy::{Authorizer, Decision, Policy, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicySet, Env};
use trama_permit::Policies;

const CLAIMS: &str = include_str!("claims.cedar");

type Prover = CedarSymCompiler<LocalSolver>;

fn prover() -> Prover {
    let solver = LocalSolver::cvc5()
        .unwrap_or_else(|error| panic!("no proof without cvc5: apt-get install -y cvc5 ({error})"));
    CedarSymCompiler::new(solver).unwrap()
}

fn schema() -> Schema {
    Schema::from_cedarschema_str(Policies::schema()).unwrap().0
}

fn policies() -> PolicySet {
    Policies::load().unwrap().text().parse().unwrap()
}

/// The rules of one claim, one set each, that must hold or must fail.
fn claims(claim: &str, must: &str) -> Vec<PolicySet> {
    let all: PolicySet = CLAIMS.parse().unwrap();
    let told = |policy: &&Policy| {
        policy.annotation("claim") == Some(claim) && policy.annotation("must") == Some(must)
    };
    let found: Vec<PolicySet> = all
        .policies()
        .filter(told)
        .map(|policy| PolicySet::from_policies([policy.clone()]).unwrap())
        .collect();
    assert!(!found.is_empty(), "{claim} has nothing that must {must}");
    found
}

/// Kinds of request to which the claim applies.
fn asked(claim: &PolicySet, schema: &Schema) -> Vec<RequestEnv> {
    claim.policies().flat_map(|policy| policy.get_valid_request_envs(schema)).collect()
}

/// A request that both permit, confirmed by deciding it.
async fn permitted_by_both(
    prover: &mut Prover,
    (ours, theirs): (&PolicySet, &PolicySet),
    env: &RequestEnv,
    schema: &Schema,
) -> Option<String> {
    let compiled = CompiledPolicySet::compile(ours, env, schema).unwrap();
    let other = CompiledPolicySet::compile(theirs, env, schema).unwrap();
    let found = prover.check_disjoint_with_counterexample_opt(&compiled, &other).await.unwrap()?;
    for set in [ours, theirs] {
        let answer = Authorizer::new().is_authorized(&found.request, set, &found.entities);
        assert_eq!(answer.decision(), Decision::Allow, "the prover's example is none: {found}");
    }
    Some(in_short(&found))
}

/// The request and whatever has attributes, without the words of the code lists.
fn in_short(found: &Env) -> String {
    let told = found.to_string();
    let word = |line: &&str| !(line.starts_with("  ") && line.ends_with("\","));
    told.lines().filter(word).collect::<Vec<_>>().join("\n")
}

async fn holds(claim: &str) {
    let (mut prover, schema, policies) = (prover(), schema(), policies());
    for impossible in claims(claim, "hold") {
        let envs = asked(&impossible, &schema);
        assert!(!envs.is_empty(), "{claim} is about no request: {impossible}");
        for env in envs {
            let found =
                permitted_by_both(&mut prover, (&policies, &impossible), &env, &schema).await;
            assert_eq!(found, None, "{claim} does not hold: {impossible}");
        }
    }
    for possible in claims(claim, "fail") {
        let mut refuted = false;
        for env in asked(&possible, &schema) {
            refuted |= permitted_by_both(&mut prover, (&policies, &possible), &env, &schema)
                .await
                .is_some();
        }
        assert!(refuted, "{claim}: the prover did not refute what is false: {possible}");
    }
}

#[tokio::test]
async fn nobody_reads_without_relation_or_break_glass_beyond_her_row_of_the_table_c1() {
    holds("C1").await;
}

#[tokio::test]
async fn what_an_addiction_service_knows_stays_in_it_c2() {
    holds("C2").await;
}

#[tokio::test]
async fn a_secret_address_is_for_its_keeper_c3() {
    holds("C3").await;
}

#[tokio::test]
async fn what_is_obscured_does_not_exist_for_others_c4() {
    holds("C4").await;
}

#[tokio::test]
async fn a_child_is_sealed_outside_her_team_c5() {
    holds("C5").await;
}

#[tokio::test]
async fn nothing_opens_without_a_purpose_c6() {
    holds("C6").await;
}

#[tokio::test]
async fn a_suspended_worker_may_nothing_c7() {
    holds("C7").await;
}

#[tokio::test]
async fn special_sections_need_a_second_factor_c8() {
    holds("C8").await;
}

#[tokio::test]
async fn break_glass_only_reads_c9() {
    holds("C9").await;
}

/// A request to which the rule applies, by somebody in a part that it does not name.
async fn beyond_its_parts(prover: &mut Prover, schema: &Schema, rule: &Policy) -> Option<String> {
    let parts = rule.annotation("part").unwrap_or_default().split(' ');
    let named: Vec<String> = parts.map(|part| format!("Part::\"{part}\"")).collect();
    let others = format!(
        "permit (principal, action, resource) unless {{ [{}].contains(principal.part) }};",
        named.join(", ")
    );
    let others: PolicySet = others.parse().unwrap();
    let applies: PolicySet = rule.to_string().replacen("forbid", "permit", 1).parse().unwrap();
    for env in asked(&applies, schema) {
        let found = permitted_by_both(prover, (&applies, &others), &env, schema).await;
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What `@part` leaves out of a decision could not have decided it.
#[tokio::test]
async fn a_rule_applies_to_no_other_part_than_it_names() {
    let (mut prover, schema, policies) = (prover(), schema(), policies());
    let named = |rule: &&Policy| rule.annotation("part").is_some();
    let rules: Vec<&Policy> = policies.policies().filter(named).collect();
    assert!(rules.len() > 40, "{}", rules.len());
    for rule in rules {
        assert_eq!(beyond_its_parts(&mut prover, &schema, rule).await, None, "{rule}");
    }
    let wrong = "@part(\"lawyer\") forbid (principal, action == Action::\"read\", resource)
        when { principal.part == Part::\"mediator\" };";
    let found = beyond_its_parts(&mut prover, &schema, &wrong.parse().unwrap()).await;
    assert!(found.is_some(), "the prover did not refute what is false");
}

fn approved() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/approved/policies.cedar")
}

/// A request that the first permits and the second does not.
async fn beyond(prover: &mut Prover, new: &PolicySet, old: &PolicySet) -> Option<String> {
    let schema = schema();
    for env in schema.request_envs() {
        let new = CompiledPolicySet::compile(new, &env, &schema).unwrap();
        let old = CompiledPolicySet::compile(old, &env, &schema).unwrap();
        let found = prover.check_implies_with_counterexample_opt(&new, &old).await.unwrap();
        if found.is_some() {
            return found.as_ref().map(in_short);
        }
    }
    None
}

/// Who approves reads the difference, then writes it: `APPROVED=write cargo nextest run c10`.
#[tokio::test]
async fn nothing_is_permitted_beyond_what_was_approved_c10() {
    let new = policies();
    if std::env::var_os("APPROVED").is_some_and(|mode| mode == "write") {
        std::fs::create_dir_all(approved().parent().unwrap()).unwrap();
        std::fs::write(approved(), Policies::load().unwrap().text()).unwrap();
    }
    let text = std::fs::read_to_string(approved()).unwrap();
    let old: PolicySet = text.parse().unwrap();
    let mut prover = prover();
    let found = beyond(&mut prover, &new, &old).await;
    assert_eq!(found, None, "permitted now, and not approved: policies/approved/");
    let mut wider = new;
    let more = "permit (principal, action == Action::\"read\", resource) when {
        principal.part == Part::\"labour_service\" && resource.section == Section::\"needs\" };";
    wider.add(Policy::parse(None, more).unwrap().new_id("more".parse().unwrap())).unwrap();
    let found = beyond(&mut prover, &wider, &old).await;
    assert!(found.is_some(), "the prover did not refute what is false");
}
