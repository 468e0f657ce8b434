//! `server import`, as a person runs it: whole, broken off by `kill -9`, and beside a running server.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
};

use domain::{action::Action, action::Batch, id::MutationId, id::UserId, limits::TODOS_PER_LIST};
use platform::{Item, Key, LocalPokes, Partition, Range, Signal, SystemClock, Table, Write, list::Found};
use server::import::Services;
use tempfile::TempDir;
use todo::Lists;

const ADA: UserId = UserId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
const EMAIL: &str = "ada@example.com";

/// A data folder in which Ada has an account.
async fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let account = Item::new(Key::account(&EMAIL.parse().unwrap())).with("user", ADA.to_string());
    let profile = Item::new(Key::profile(ADA)).with("email", EMAIL).with("created", 1_i64);
    table.commit(vec![Write::create(account), Write::create(profile)]).await.unwrap();
    table.close().await;
    folder
}

/// A Todoist export of as many tasks as a list holds, saved a day ago.
fn file(folder: &TempDir) -> std::path::PathBuf {
    let path = folder.path().join("Work [2203306141].csv");
    let rows = (1..=TODOS_PER_LIST).map(|n| {
        let indent = if n % 10 == 1 { 1 } else { 2 };
        format!("task,\"Todo {n}, 👩‍👩‍👧 שלום\",notes,4,{indent},Ada (1),,tomorrow,en,\n")
    });
    let heading = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n";
    std::fs::write(&path, format!("{heading}{}", rows.collect::<String>())).unwrap();
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    std::fs::File::open(&path).unwrap().set_modified(yesterday).unwrap();
    path
}

fn import(file: &Path, data: &Path, user: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.arg("import").arg(file).args(["--user", user, "--data"]).arg(data);
    command.env_remove("AWS_ENDPOINT_URL_DYNAMODB");
    command
}

fn succeeds(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

fn fails(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// How many todos a line of progress (`1079 of 10000`) says there are.
fn arrived(line: &str) -> usize {
    let count = line.trim_start().split_once(" of ").and_then(|(count, _)| count.parse().ok());
    count.unwrap_or_default()
}

/// Ada's lists, and their todos as they are in the table.
async fn everything(data: &Path) -> (Vec<Found>, Vec<Item>) {
    let table = Table::embedded(data).await.unwrap();
    let lists = Lists::new(table.clone(), Arc::new(SystemClock), Arc::new(LocalPokes::default()));
    let found = lists.of(ADA).await.unwrap();
    let mut todos = Vec::new();
    for list in &found {
        todos.extend(table.all(Partition::List(list.head.list.id), Range::Todos).await.unwrap());
    }
    table.close().await;
    (found, todos)
}

#[tokio::test]
async fn an_import_killed_in_the_middle_goes_on_where_it_stopped() {
    let (whole, broken) = (folder().await, folder().await);
    let file = file(&whole);
    let told = succeeds(import(&file, whole.path(), EMAIL));
    assert!(told.contains("ada@example.com has 1 lists with 10000 todos from this file."), "{told}");

    for stop in [1_000, 5_000] {
        let mut child = import(&file, broken.path(), EMAIL).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen: Vec<_> = lines.map_while(Result::ok).take_while(|line| arrived(line) < stop).collect();
        // SIGKILL, while it sends the next batches.
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it was done already: {seen:?}");
        let (_, todos) = everything(broken.path()).await;
        assert!((stop..TODOS_PER_LIST).contains(&todos.len()), "{stop}: {}", todos.len());
    }
    succeeds(import(&file, broken.path(), EMAIL));

    let (lists, todos) = everything(whole.path()).await;
    assert_eq!((lists.len(), todos.len()), (1, TODOS_PER_LIST));
    let (lists_again, todos_again) = everything(broken.path()).await;
    assert_eq!(lists_again.first().unwrap().head.list, lists.first().unwrap().head.list);
    assert_eq!(lists_again.first().unwrap().head.version, lists.first().unwrap().head.version);
    assert_eq!(todos_again, todos);
}

#[tokio::test]
async fn a_running_server_takes_the_import_and_pokes_its_devices() {
    let folder = folder().await;
    let file = folder.path().join("todo.txt");
    std::fs::write(&file, "Milk +Groceries\nRead\n").unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let pokes = Arc::new(LocalPokes::default());
    let mut signals = pokes.subscribe();
    let lists = Lists::new(table.clone(), Arc::new(SystemClock), pokes);
    let door = server::import::Door::open(folder.path()).unwrap();
    tokio::spawn(door.serve(Arc::new(Services::new(table, lists.clone()))));

    let command = import(&file, folder.path(), EMAIL);
    let told = tokio::task::spawn_blocking(move || succeeds(command)).await.unwrap();
    assert!(told.contains("ada@example.com has 2 lists with 2 todos from this file."), "{told}");
    let made = lists.of(ADA).await.unwrap();
    let titles: Vec<_> = made.iter().map(|found| found.head.list.title.as_str()).collect();
    assert_eq!(titles, ["Groceries", "todo"]);
    for _ in 0..2 {
        assert!(matches!(signals.recv().await.unwrap(), Signal::Moved { user: ADA, version: 1, .. }));
    }

    // Deleted, and imported once more: the ids of deleted lists are never used again.
    let first = made.first().unwrap().head.list.id;
    let delete = Batch { id: MutationId::fresh(), list: first, actions: vec![Action::DeleteList] };
    lists.commit(ADA, &delete).await.unwrap();
    let command = import(&file, folder.path(), EMAIL);
    tokio::task::spawn_blocking(move || succeeds(command)).await.unwrap();
    let made = lists.of(ADA).await.unwrap();
    assert_eq!(made.len(), 2);
    assert!(made.iter().all(|found| found.head.list.id != first && found.head.todos == 1));
}

#[tokio::test]
async fn what_can_not_be_imported_is_refused_with_what_to_do() {
    let folder = folder().await;
    let file = folder.path().join("todo.txt");
    std::fs::write(&file, "Milk\n").unwrap();
    let data = folder.path();
    for (command, reason) in [
        (import(&file, data, "eve@example.com"), "there is no account for eve@example.com: sign in"),
        (import(&file, data, "nobody"), "`nobody` is not an e-mail address"),
        (import(&file, &data.join("elsewhere"), EMAIL), "there is no data in"),
        (import(&data.join("gone.csv"), data, EMAIL), "gone.csv can't be read"),
        (import(&data.join("stack.sqlite"), data, EMAIL), "This is not a text file but a database."),
    ] {
        let told = fails(command);
        assert!(told.contains(reason), "{told}");
    }
    let mut dry = import(&file, data, EMAIL);
    dry.arg("--dry-run");
    assert!(succeeds(dry).contains("Nothing was changed"));
    assert_eq!(everything(data).await.0.len(), 0);

    let held = Table::embedded(data).await.unwrap();
    assert!(fails(import(&file, data, EMAIL)).contains("another process uses the data folder"));
    held.close().await;
}
