//! Bills worked out by hand.

use std::collections::BTreeMap;

use super::{
    Options,
    load::Load,
    measured::{Measured, Operation, Part, Viewed},
    month::{Shape, month},
    prices::{Meter, Prices},
    report,
};

const NAMES: [&str; 14] = [
    "Commit",
    "Changes",
    "Heads",
    "CommitMedia",
    "SignUpload",
    "ConfirmUpload",
    "MediaAccess",
    "/auth/code",
    "/auth/verify",
    "/auth/refresh",
    "authorizer",
    "cleaner",
    "socket",
    "maker",
];

/// Every operation: one call of the gateway and one of `todo`, which asks the table twice.
fn measured() -> Measured {
    let part = |requests: &[(&str, f64)]| Part {
        calls: 1.0,
        memory: 1_769.0,
        millis: 100.0,
        cpu_millis: 16.0,
        reads: 2.0,
        writes: 4.0,
        requests: requests.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        log_bytes: 100.0,
    };
    let todo = part(&[("dynamodb", 2.0), ("execute-api", 1.0)]);
    let gateway = Part { reads: 0.0, writes: 0.0, ..part(&[("lambda", 1.0)]) };
    let parts = BTreeMap::from([("gateway".to_owned(), gateway), ("todo".to_owned(), todo)]);
    let operation = Operation { count: 1.0, parts };
    let operations = NAMES.iter().map(|name| ((*name).to_owned(), operation.clone())).collect();
    let viewers = BTreeMap::from([("api".to_owned(), Viewed { requests: 2.0, bytes: 2_000.0 })]);
    Measured { date: "2026-01-01".to_owned(), operations, viewers, ..Measured::default() }
}

/// A thousand operations and nothing else.
fn only_operations() -> Load {
    Load {
        users: 10.0,
        ops_per_day: 100.0 / 30.0,
        changes_percent: 100.0,
        pulls_percent: 0.0,
        openings_per_day: 0.0,
        sign_ins_per_month: 0.0,
        releases_per_month: 0.0,
        media_photos: 0.0,
        media_videos: 0.0,
        media_views: 0.0,
        media_plays: 0.0,
        cold_percent: 0.0,
        ..Load::default()
    }
}

fn close(is: f64, should: f64) {
    assert!((is - should).abs() < 1e-6 * should.abs().max(1.0), "{is} instead of {should}");
}

/// What looks for work twelve times an hour, twice.
const LOOKS: f64 = 2.0 * 720.0 * 12.0;

#[test]
fn a_small_load_is_worked_out_by_hand() {
    let quantities = month(&only_operations(), &measured(), Shape::Functions).unwrap().quantities;
    let all = 1_000.0 + LOOKS;
    close(quantities[&Meter::HttpRequest], 1_000.0);
    close(quantities[&Meter::LambdaRequest], 2.0 * all);
    close(quantities[&Meter::TableRead], 2.0 * all);
    close(quantities[&Meter::TableWrite], 4.0 * all);
    close(quantities[&Meter::SocketMessage], all);
    // 16 ms of a test's build are 2 ms; `todo` waits 2 × 5 ms for the table and 15 ms for the socket, 27 in all; the
    // gateway waits 15 ms for Lambda and those 27, 44 in all; half a millisecond is rounded up to for each.
    let seconds = all * (27.0 + 44.0 + 2.0 * 0.5) / 1_000.0;
    close(quantities[&Meter::LambdaGbSecond], seconds * 1_769.0 / 1_024.0);
    close(quantities[&Meter::CdnRequest], 1_000.0);
    close(quantities[&Meter::CdnGb], 1_000.0 * 1_000.0 / 1_073_741_824.0);
    close(quantities[&Meter::Trace], 2.0 * all);
}

#[test]
fn a_smaller_function_computes_longer_and_waits_as_long() {
    let mut half = measured();
    for operation in half.operations.values_mut() {
        operation.parts.values_mut().for_each(|part| part.memory = 1_769.0 / 2.0);
    }
    let quantities = month(&only_operations(), &half, Shape::Functions).unwrap().quantities;
    let seconds = (1_000.0 + LOOKS) * (29.0 + 48.0 + 1.0) / 1_000.0;
    close(quantities[&Meter::LambdaGbSecond], seconds * 1_769.0 / 2.0 / 1_024.0);
}

#[test]
fn appsync_takes_the_gateways_place_and_nothing_else() {
    let quantities = month(&only_operations(), &measured(), Shape::AppSync).unwrap().quantities;
    close(quantities[&Meter::AppsyncOperation], 1_000.0);
    // The gateway of this made-up cleaner stays.
    close(quantities[&Meter::LambdaRequest], 1_000.0 + 2.0 * LOOKS);
    close(quantities[&Meter::TableWrite], 4.0 * (1_000.0 + LOOKS));
    assert!(!quantities.contains_key(&Meter::HttpRequest) && !quantities.contains_key(&Meter::SocketMessage));
}

#[test]
fn two_tasks_are_enough_until_they_are_not() {
    let small = month(&only_operations(), &measured(), Shape::Tasks).unwrap();
    close(small.tasks, 2.0);
    close(small.quantities[&Meter::TaskVcpuHour], 2.0 * 0.5 * 720.0);
    close(small.quantities[&Meter::AddressHour], 4.0 * 720.0);
    assert!(!small.quantities.contains_key(&Meter::LambdaRequest));
    // 4 ms of a processor for each operation: a million of them a second, five times that in the busiest hour, on
    // tasks that give 0.3 of a processor each.
    let load = Load { users: 1e6, ops_per_day: 86_400.0, ..only_operations() };
    let large = month(&load, &measured(), Shape::Tasks).unwrap();
    assert!((large.tasks - 1e6 * 0.004 * 5.0 / 0.3).abs() <= 1.0, "{}", large.tasks);
}

#[test]
fn without_users_only_what_stands_there_costs() {
    let load = Load { users: 0.0, ..Load::default() };
    let quantities = month(&load, &measured(), Shape::Functions).unwrap().quantities;
    for (meter, quantity) in &quantities {
        let stands = !matches!(
            meter,
            Meter::HttpRequest
                | Meter::Mail
                | Meter::CdnRequest
                | Meter::CdnGb
                | Meter::StorageGb
                | Meter::TableGb
        );
        assert!(stands || *quantity == 0.0, "{meter:?}: {quantity}");
        assert!(quantity.is_finite(), "{meter:?}");
    }
    close(quantities[&Meter::FirewallRule], 5.0);
}

#[test]
fn all_that_is_counted_has_a_price_in_every_shape() {
    let prices = Prices::read().unwrap();
    for shape in [Shape::Functions, Shape::AppSync, Shape::Tasks] {
        for meter in month(&Load::default(), &measured(), shape).unwrap().quantities.keys() {
            prices.of(*meter).unwrap();
        }
    }
}

#[test]
fn parts_of_a_hundred_are_at_most_a_hundred() {
    let load = Load { changes_percent: 60.0, pulls_percent: 60.0, ..Load::default() };
    let error = month(&load, &measured(), Shape::Functions).unwrap_err().to_string();
    assert!(error.contains("--changes-percent") && error.contains("--pulls-percent"), "{error}");
}

#[test]
fn what_was_not_measured_is_not_guessed() {
    let mut partial = measured();
    partial.operations.remove("Heads");
    let error = month(&Load::default(), &partial, Shape::Functions).unwrap_err().to_string();
    assert!(error.contains("Heads") && error.contains("--measure"), "{error}");
}

#[test]
fn the_report_says_what_it_stands_on() {
    let options = Options { load: Load::default(), free_tier: false, details: true, measure: false };
    let text = report(&options, &measured()).unwrap();
    for says in
        ["eu-west-1", "prices of 2026-", "without what is free", "measured 2026-01-01", "`--users` | 10000"]
    {
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn what_was_committed_is_enough_for_a_bill() {
    let measured = Measured::read().unwrap();
    for shape in [Shape::Functions, Shape::AppSync, Shape::Tasks] {
        month(&Load::default(), &measured, shape).unwrap();
    }
}
