//! `docs/codes.md` has every code the system can answer with.

use domain::rules::Refusal;
use domain::*;
use log::EnvelopeError;
use store::{StoreError, SubmitError};

const CODES: &str = include_str!("../../../../docs/codes.md");

fn listed(code: &str) {
    let row = CODES.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
    let row = row.unwrap_or_else(|| panic!("docs/codes.md has no line for `{code}`"));
    let cells: Vec<_> = row.split('|').map(str::trim).filter(|c| !c.is_empty()).collect();
    assert!(cells.len() >= 3, "`{code}` lacks a cause or a next step: {row}");
}

#[test]
fn every_problem_is_listed() {
    for problem in server::ProblemCode::ALL {
        listed(problem.code());
    }
}

#[test]
fn every_refused_submission_is_listed() {
    let weak = || EnvelopeError::WeakKey;
    let errors = [
        SubmitError::Encoding(weak()),
        SubmitError::Oversize(weak()),
        SubmitError::Signature(weak()),
        SubmitError::UnknownDevice(DeviceId([0; 32])),
        SubmitError::WrongOperation {
            found: OperationId::new("a").unwrap(),
            expected: OperationId::new("b").unwrap(),
        },
        SubmitError::WrongAuthority {
            claimed: AuthorityId::new("a").unwrap(),
            enrolled: AuthorityId::new("b").unwrap(),
        },
        SubmitError::AlreadyOpen,
        SubmitError::TooManyParked { device: DeviceId([0; 32]), parked: 256 },
        SubmitError::Storage(StoreError::Stopped),
    ];
    for error in errors {
        listed(error.code());
    }
}

#[test]
fn every_refused_request_is_listed() {
    let person = PersonId::issue('A', 1);
    let refusals = [
        Refusal::GateClosed { person, gate: Gate::Order, state: GateState::Pending },
        Refusal::Unknown { person },
        Refusal::ListedTwice { person },
        Refusal::Contested { person },
        Refusal::NotCustodian { person, authority: AuthorityId::new("a").unwrap() },
    ];
    for refusal in refusals {
        listed(refusal.code());
    }
}

#[test]
fn every_discrepancy_is_listed() {
    for code in DiscrepancyCode::ALL {
        listed(code.code());
    }
}

#[test]
fn every_listed_reason_is_known() {
    for reason in RefusalReason::ALL {
        listed(reason.code());
    }
    for reason in CancelReason::ALL {
        listed(reason.code());
    }
    for reason in ResolutionReason::ALL {
        listed(reason.code());
    }
    for reason in DeferralReason::ALL {
        listed(reason.code());
    }
}
