//! A deployment that leaves something out is told what.

use std::process::Stdio;

use tokio::process::Command;

/// Every program but the gateway's, which may be told of no subgraph.
const PROGRAMS: [(&str, &str); 7] = [
    ("account", env!("CARGO_BIN_EXE_account")),
    ("authorizer", env!("CARGO_BIN_EXE_authorizer")),
    ("cleaner", env!("CARGO_BIN_EXE_cleaner")),
    ("maker", env!("CARGO_BIN_EXE_maker")),
    ("media", env!("CARGO_BIN_EXE_media")),
    ("socket", env!("CARGO_BIN_EXE_socket")),
    ("todo", env!("CARGO_BIN_EXE_todo")),
];

#[tokio::test]
async fn a_program_without_its_variables_says_which_one_is_missing() {
    for (name, program) in PROGRAMS {
        let mut command = Command::new(program);
        command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
        let ended = command.output().await.unwrap();
        let log = String::from_utf8(ended.stdout).unwrap();
        assert!(!ended.status.success(), "{name}: {log}");
        assert!(log.contains("the variable TABLE is not set"), "{name}: {log}");
    }
}
