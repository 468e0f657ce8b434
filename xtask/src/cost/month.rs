//! What a load consumes in a month of 30 days, in each of the shapes that are compared.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::{
    load::Load,
    measured::{Measured, Operation, Part},
    prices::Meter,
};

const DAYS: f64 = 30.0;
const HOURS: f64 = DAYS * 24.0;
const SECONDS: f64 = HOURS * 3_600.0;
const KB: f64 = 1_000.0;
const MB: f64 = 1_000_000.0;
/// As AWS charges them.
const GB: f64 = 1_073_741_824.0;

/// Megabytes of memory with which a function has one whole processor; with less it has so much less of it.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
const ONE_PROCESSOR: f64 = 1_769.0;
/// Time is charged by the millisecond begun: half of one more for each call, on average.
const ROUNDING: f64 = 0.5;
/// What `infra/lib` makes whatever the load is: the firewall's list and rules, metrics that alarms watch, metrics of our
/// own (three for each operation that is counted by name, three for all), and secrets.
const FIXED: [(Meter, f64); 7] = [
    (Meter::FirewallList, 1.0),
    (Meter::FirewallRule, 5.0),
    (Meter::Alarm, 44.0),
    (Meter::Metric, 63.0),
    (Meter::Dashboard, 1.0),
    (Meter::Zone, 1.0),
    (Meter::Secret, 3.0),
];
/// Calls a month of what looks for work every five minutes, of which there are two.
const LOOKS: f64 = HOURS * 12.0;
/// From this size on an object is in Intelligent-Tiering (`infra/lib/stacks/data.ts`).
const TIERED: f64 = 1_048_576.0;
/// Functions that read secrets when they start, and how many.
const SECRETS: [(&str, f64); 5] =
    [("account", 4.0), ("authorizer", 4.0), ("socket", 4.0), ("maker", 3.0), ("media", 1.0)];
/// Of requests after the first in a second, the part that X-Ray records.
const SAMPLED: f64 = 0.05;
/// What one unit of a load balancer covers: connections begun in a second, connections, bytes in an hour.
/// <https://aws.amazon.com/elasticloadbalancing/pricing/>
const BALANCER: (f64, f64, f64) = (25.0, 3_000.0, GB);
/// Two tasks at least, so that one may fail; the balancer has an address in each of two zones.
const FEWEST_TASKS: f64 = 2.0;
const BALANCER_ADDRESSES: f64 = 2.0;

/// How the same product runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As it is deployed: API Gateway and functions.
    Functions,
    /// AppSync in the place of the gateway and of API Gateway; sign-in stays as it is.
    AppSync,
    /// Always-on tasks behind a load balancer do everything that functions do.
    Tasks,
}

/// What is consumed in a month.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Month {
    pub(crate) quantities: BTreeMap<Meter, f64>,
    /// Always-on tasks.
    pub(crate) tasks: f64,
}

pub(crate) fn month(load: &Load, measured: &Measured, shape: Shape) -> Result<Month> {
    if load.changes_percent + load.pulls_percent > 100.0 {
        bail!("--changes-percent and --pulls-percent are together more than 100");
    }
    let mut sum = Sum { load, measured, shape, quantities: BTreeMap::new(), processed: 0.0, bytes: 0.0 };
    for (meter, quantity) in FIXED {
        sum.add(meter, quantity);
    }
    let changes = sum.operations()?;
    sum.connections()?;
    sum.media()?;
    sum.site();
    sum.kept(changes);
    sum.requests_seen();
    let mut tasks = 0.0;
    if shape == Shape::Tasks {
        tasks = sum.tasks();
    }
    Ok(Month { quantities: sum.quantities, tasks })
}

struct Sum<'l> {
    load: &'l Load,
    measured: &'l Measured,
    shape: Shape,
    quantities: BTreeMap<Meter, f64>,
    /// Seconds of a processor.
    processed: f64,
    /// Bytes that the balancer would pass.
    bytes: f64,
}

impl Sum<'_> {
    fn add(&mut self, meter: Meter, quantity: f64) {
        if quantity > 0.0 {
            *self.quantities.entry(meter).or_default() += quantity;
        }
    }

    fn of(&self, meter: Meter) -> f64 {
        self.quantities.get(&meter).copied().unwrap_or_default()
    }

    /// So many for each user in a month, where it is said by the day.
    fn daily(&self, each: f64) -> f64 {
        self.load.users * each * DAYS
    }

    /// GraphQL operations, sign-ins, and what looks for work; gives how many operations change something.
    fn operations(&mut self) -> Result<f64> {
        let load = self.load;
        let all = self.daily(load.ops_per_day);
        let (changes, pulls) = (all * load.changes_percent / 100.0, all * load.pulls_percent / 100.0);
        self.graphql("Commit", changes)?;
        self.graphql("Changes", pulls)?;
        self.graphql("Heads", (all - changes - pulls).max(0.0))?;
        // An authorizer's word holds for a minute.
        let minutes = load.openings_per_day * load.minutes_per_opening.max(1.0);
        let authorized = self.daily(load.ops_per_day.min(minutes));
        self.invoked(&self.measured.operation("authorizer")?, authorized);

        let sign_ins = load.users * load.sign_ins_per_month;
        self.add(Meter::Mail, sign_ins);
        for (path, count) in [
            ("/auth/code", sign_ins),
            ("/auth/verify", sign_ins),
            ("/auth/refresh", self.daily(load.openings_per_day)),
        ] {
            self.http(path, count, "sign-in")?;
        }
        // The maker finds nothing most of the time, as the cleaner does.
        self.invoked(&self.measured.operation("cleaner")?, 2.0 * LOOKS);
        Ok(changes)
    }

    /// A GraphQL operation, at whatever is the door for it.
    fn graphql(&mut self, name: &str, count: f64) -> Result<()> {
        if self.shape != Shape::AppSync {
            return self.http(name, count, "api");
        }
        let mut operation = self.measured.operation(name)?;
        operation.parts.remove("gateway");
        self.add(Meter::AppsyncOperation, count);
        self.viewed(count, self.measured.bytes_of("api"));
        self.invoked(&operation, count);
        Ok(())
    }

    /// A request through API Gateway.
    fn http(&mut self, name: &str, count: f64, kind: &str) -> Result<()> {
        if self.shape != Shape::Tasks {
            self.add(Meter::HttpRequest, count);
            self.add(Meter::LogGb, count * self.load.access_log_bytes / GB);
        }
        self.viewed(count, self.measured.bytes_of(kind));
        self.invoked(&self.measured.operation(name)?, count);
        Ok(())
    }

    /// Requests that CloudFront passes on, with an answer of so many bytes each.
    fn viewed(&mut self, count: f64, bytes: f64) {
        self.delivered(count, count * bytes);
        self.add(Meter::CdnOriginGb, count * self.load.request_kb * KB / GB);
        self.bytes += count * (bytes + self.load.request_kb * KB);
    }

    /// Requests of viewers, and all bytes that they get.
    fn delivered(&mut self, count: f64, bytes: f64) {
        for meter in [Meter::CdnRequest, Meter::CdnFunction, Meter::FirewallRequest] {
            self.add(meter, count);
        }
        self.add(Meter::CdnGb, bytes / GB);
    }

    /// What functions do for an operation.
    fn invoked(&mut self, operation: &Operation, count: f64) {
        let waited: f64 = operation
            .parts
            .iter()
            .filter(|(function, _)| *function != "gateway" && *function != "maker")
            .map(|(_, part)| self.time(part))
            .sum();
        for (function, part) in &operation.parts {
            self.add(Meter::TableRead, count * part.reads);
            self.add(Meter::TableWrite, count * part.writes);
            self.add(Meter::LogGb, count * part.log_bytes / GB);
            self.add(Meter::SecretRead, count * part.requests_to("secretsmanager"));
            self.add(Meter::StorageWrite, count * (part.requests_to("s3 PUT") + part.requests_to("s3 POST")));
            self.add(Meter::StorageRead, count * (part.requests_to("s3 GET") + part.requests_to("s3 HEAD")));
            self.processed += count * part.cpu_millis / self.load.build_ratio / 1_000.0;
            let messages = count * part.requests_to("execute-api");
            match self.shape {
                Shape::Functions => self.add(Meter::SocketMessage, messages),
                Shape::AppSync => self.add(Meter::AppsyncUpdate, messages),
                Shape::Tasks => {}
            }
            if self.shape != Shape::Tasks {
                let waits = if function == "gateway" { waited } else { 0.0 };
                self.function(function, part, count, waits);
            }
        }
    }

    /// What a function's calls are charged, which wait so long for other functions.
    fn function(&mut self, name: &str, part: &Part, count: f64, waits: f64) {
        let calls = count * part.calls;
        let cold = calls * self.load.cold_percent / 100.0;
        let start = self.measured.start_of(name) / self.load.build_ratio * slowed(part.memory);
        let millis = count * (self.time(part) + waits) + calls * ROUNDING + cold * start;
        self.add(Meter::LambdaRequest, calls);
        self.add(Meter::LambdaGbSecond, millis / 1_000.0 * part.memory / 1_024.0);
        let secrets = SECRETS.iter().find(|(function, _)| *function == name);
        self.add(Meter::SecretRead, cold * secrets.map_or(0.0, |(_, count)| *count));
    }

    /// Milliseconds that a function's calls for one operation take on AWS: what it computes, on the part of a processor
    /// that it has there, and what it waits for services.
    fn time(&self, part: &Part) -> f64 {
        let table = part.requests_to("dynamodb");
        let others = part.requests.values().sum::<f64>() - table;
        let computing = part.cpu_millis / self.load.build_ratio * slowed(part.memory);
        computing + table * self.load.table_ms + others * self.load.service_ms
    }

    /// Connections of devices that are open.
    fn connections(&mut self) -> Result<()> {
        let opened = self.daily(self.load.openings_per_day);
        let minutes = opened * self.load.minutes_per_opening;
        self.delivered(opened, opened * self.measured.bytes_of("socket"));
        match self.shape {
            Shape::Functions => {
                self.add(Meter::SocketMinute, minutes);
                // What a device says of itself; answers are among what functions sent.
                self.add(Meter::SocketMessage, opened);
                self.add(Meter::LogGb, opened * 3.0 * self.load.access_log_bytes / GB);
                self.invoked(&self.measured.operation("socket")?, opened);
            }
            Shape::AppSync => self.add(Meter::AppsyncMinute, minutes),
            Shape::Tasks => {}
        }
        Ok(())
    }

    fn media(&mut self) -> Result<()> {
        let load = self.load;
        let (photos, videos) = (load.users * load.media_photos, load.users * load.media_videos);
        for name in ["CommitMedia", "SignUpload", "ConfirmUpload"] {
            self.graphql(name, photos + videos)?;
        }
        self.graphql("MediaAccess", self.daily(load.openings_per_day))?;
        self.add(Meter::StorageWrite, photos + videos);
        // The tests' photos are small: how long one takes is measured apart.
        let mut making = self.measured.operation("maker")?;
        if let Some(part) = making.parts.get_mut("maker") {
            part.cpu_millis = load.media_photo_cpu_s * 1_000.0 * load.build_ratio;
        }
        self.invoked(&making, photos);
        let minutes = videos * load.media_video_minutes;
        // Streams of 360 and of 720 lines.
        self.add(Meter::VideoMinuteSd, minutes);
        self.add(Meter::VideoMinuteHd, minutes);

        let views = self.daily(load.media_views);
        self.delivered(views, views * load.media_view_kb * KB);
        self.add(Meter::StorageRead, views * (100.0 - load.media_cached_percent) / 100.0);
        let plays = load.users * load.media_plays;
        self.delivered(plays * load.media_play_files, plays * load.media_play_mb * MB);
        self.add(Meter::StorageRead, plays * load.media_play_files);

        let sizes = [
            (photos, load.media_photo_kb * KB, load.media_variants_kb * KB),
            (videos, load.media_video_mb * MB, load.media_streams_mb * MB),
        ];
        for (added, original, made) in sizes {
            self.add(Meter::StorageGb, added * load.months * (original + made) / GB);
            if original >= TIERED {
                self.add(Meter::TieringMove, added);
                self.add(Meter::TieringObject, added * load.months);
            }
        }
        Ok(())
    }

    fn site(&mut self) {
        let loads = self.load.users * self.load.releases_per_month;
        self.delivered(loads * self.load.site_files, loads * self.load.site_kb * KB);
    }

    /// What stays: rows, their backup, their way onto the bus, and logs.
    fn kept(&mut self, changes: f64) {
        let load = self.load;
        let rows = changes * load.months * load.table_kb_per_change * KB / GB;
        self.add(Meter::TableGb, rows);
        self.add(Meter::TableBackupGb, rows);
        let uploads = load.users * (load.media_photos + load.media_videos);
        for meter in [Meter::PipeEvent, Meter::BusEvent] {
            self.add(meter, changes + 2.0 * uploads);
        }
        self.add(Meter::StreamRead, load.stream_polls_per_second * SECONDS);
        self.add(Meter::LogStoredGb, self.of(Meter::LogGb) * load.log_months);
        let logged = self.of(Meter::CdnRequest) * load.cdn_log_bytes * load.log_months;
        self.add(Meter::StorageGb, logged / GB);
    }

    /// At most so many traces: the first request of each second, and a part of the others.
    fn requests_seen(&mut self) {
        let requests = self.of(Meter::LambdaRequest);
        let first = requests.min(SECONDS);
        self.add(Meter::Trace, first + (requests - first) * SAMPLED);
    }

    /// Always-on tasks, enough for the busiest hour, and what stands before them. Gives how many there are.
    fn tasks(&mut self) -> f64 {
        let load = self.load;
        let busiest = self.processed / SECONDS * load.peak;
        let able = load.task_vcpu * load.task_load_percent / 100.0;
        let tasks = (busiest / able).ceil().max(FEWEST_TASKS);
        self.add(Meter::TaskVcpuHour, tasks * load.task_vcpu * HOURS);
        self.add(Meter::TaskGbHour, tasks * load.task_gb * HOURS);
        self.add(Meter::AddressHour, (tasks + BALANCER_ADDRESSES) * HOURS);
        self.add(Meter::BalancerHour, HOURS);
        let opened = self.daily(load.openings_per_day);
        let (begun, open, bytes) = BALANCER;
        let units = (opened / SECONDS / begun)
            .max(opened * load.minutes_per_opening * 60.0 / SECONDS / open)
            .max(self.bytes / HOURS / bytes);
        self.add(Meter::BalancerUnitHour, units * HOURS);
        tasks
    }
}

/// How much longer a function computes because it has a part of a processor only.
fn slowed(memory: f64) -> f64 {
    if memory > 0.0 { (ONE_PROCESSOR / memory).max(1.0) } else { 1.0 }
}
