//! The load that a bill is worked out for: how much people use the product, and what can't be measured here. Each of it is
//! a flag, and is printed with the bill.

use clap::Args;

/// The largest amount that is taken: what is larger is a slip of the hand, and no bill is true of it.
const MOST: f64 = 1e12;

macro_rules! load {
    ($($field:ident $kind:ident $default:literal $help:literal;)+) => {
        #[derive(Args, Clone, Copy)]
        pub(crate) struct Load {
            $(
                #[doc = $help]
                #[arg(long, value_name = "N", default_value_t = $default, value_parser = $kind)]
                pub(crate) $field: f64,
            )+
        }

        impl Load {
            /// Each assumption: its flag, its value, and what it says.
            pub(crate) fn assumptions(&self) -> Vec<(String, f64, &'static str)> {
                vec![$((stringify!($field).replace('_', "-"), self.$field, $help)),+]
            }
        }

        impl Default for Load {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }
    };
}

load! {
    users amount 10_000.0 "People who use the product";
    ops_per_day amount 20.0 "GraphQL operations of one of them a day";
    changes_percent percent 40.0 "Of these operations, in 100, those that change something";
    pulls_percent percent 45.0 "Those, in 100, that read what has changed; the rest ask which lists have";
    openings_per_day amount 3.0 "Times a day that one of them opens it: a connection, and a refreshed session";
    minutes_per_opening amount 5.0 "Minutes that it then stays open";
    sign_ins_per_month amount 0.2 "Sign-ins of one of them a month, each with a mail";
    releases_per_month amount 2.0 "Times a month that one of them loads the site anew";
    site_kb amount 630.0 "Kilobytes of the site then";
    site_files amount 20.0 "Files of the site then";
    media_photos amount 5.0 "Photos that one of them adds a month";
    media_photo_kb amount 3_000.0 "Kilobytes of a photo";
    media_photo_cpu_s amount 6.0 "Seconds of a processor that making all of a photo takes, optimised (`cargo xtask bench`)";
    media_variants_kb amount 1_500.0 "Kilobytes of all that is made of a photo";
    media_views amount 10.0 "Pictures that one of them looks at a day and does not have on the device";
    media_view_kb amount 60.0 "Kilobytes of such a picture";
    media_cached_percent percent 40.0 "Of these pictures, in 100, those that CloudFront has at hand";
    media_videos amount 0.2 "Videos that one of them adds a month";
    media_video_minutes amount 0.5 "Minutes of a video";
    media_video_mb amount 60.0 "Megabytes of a video";
    media_streams_mb amount 25.0 "Megabytes of all that is made of a video";
    media_plays amount 1.0 "Videos that one of them watches a month";
    media_play_mb amount 12.0 "Megabytes that watching one sends";
    media_play_files amount 8.0 "Files of a stream that watching one asks for, two playlists among them";
    months amount 12.0 "Months for which lists and media have been piling up";
    table_kb_per_change amount 1.0 "Kilobytes that a change leaves in the table, with the index and its receipt";
    request_kb amount 1.0 "Kilobytes of an operation's request";
    access_log_bytes amount 330.0 "Bytes of a line in an API's log of calls";
    cdn_log_bytes amount 500.0 "Bytes of a line in CloudFront's log";
    log_months amount 3.0 "Months for which logs are kept";
    cold_percent percent 1.0 "Of a function's calls, in 100, those that wait for a new process";
    build_ratio ratio 8.0 "Times that a program compiled for tests computes longer than an optimised one";
    table_ms amount 5.0 "Milliseconds until the table answers";
    service_ms amount 15.0 "Milliseconds until any other service answers";
    stream_polls_per_second amount 4.0 "Times a second that the pipe looks into the table's stream";
    task_vcpu amount 0.5 "Processors of an always-on task";
    task_gb amount 1.0 "Gigabytes of memory of an always-on task";
    task_load_percent percent 60.0 "How busy, in 100, such a task may be in the busiest hour";
    peak ratio 5.0 "How much busier that hour is than the average";
}

fn number(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "it must be a number".to_owned())?;
    if !number.is_finite() || number < 0.0 {
        return Err("it must be a number, and not below 0".to_owned());
    }
    Ok(number)
}

fn amount(text: &str) -> Result<f64, String> {
    let number = number(text)?;
    if number > MOST { Err(format!("it must not be above {MOST:e}")) } else { Ok(number) }
}

fn percent(text: &str) -> Result<f64, String> {
    let number = number(text)?;
    if number > 100.0 { Err("it must be between 0 and 100".to_owned()) } else { Ok(number) }
}

fn ratio(text: &str) -> Result<f64, String> {
    let number = amount(text)?;
    if number < 1.0 { Err("it must be 1 or more".to_owned()) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        load: Load,
    }

    fn parsed(flags: &[&str]) -> Result<Load, String> {
        let all = std::iter::once("cost").chain(flags.iter().copied());
        Cli::try_parse_from(all).map(|cli| cli.load).map_err(|error| error.to_string())
    }

    #[test]
    fn each_assumption_is_a_flag_with_a_default() {
        let load = parsed(&["--users", "7", "--media-photos", "0.5"]).unwrap();
        assert_eq!((load.users, load.media_photos), (7.0, 0.5));
        assert_eq!(load.ops_per_day, Load::default().ops_per_day);
        assert!(load.assumptions().contains(&("users".to_owned(), 7.0, "People who use the product")));
    }

    #[test]
    fn absurd_input_is_refused_in_words() {
        for (flag, value, says) in [
            ("--users", "-1", "not below 0"),
            ("--users", "NaN", "not below 0"),
            ("--users", "inf", "not below 0"),
            ("--users", "1e13", "not be above 1e12"),
            ("--users", "many", "must be a number"),
            ("--changes-percent", "101", "between 0 and 100"),
            ("--build-ratio", "0", "1 or more"),
        ] {
            let error = parsed(&[&format!("{flag}={value}")]).err().unwrap();
            assert!(error.contains(says) && error.contains(flag), "{flag} {value}: {error}");
        }
    }
}
