//! The server's process is killed at random moments, many times: what it acknowledged is there afterwards, and
//! no batch is there by half.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::id::{ListId, MutationId, TodoId};
use reqwest::Client;
use serde_json::{Value, json};

const KILLS: usize = 20;
const WRITERS: usize = 3;
const PER_BATCH: usize = 5;
const EMAIL: &str = "ada@example.com";

/// A server process, killed with no chance to tidy up.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command.args(["serve", "--port", "0", "--data"]).arg(folder);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.find(|line| line.as_ref().unwrap().starts_with("Stack is at ")).unwrap().unwrap();
        // Reads on, so that the process never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url: line.split_whitespace().nth(3).unwrap().to_owned() }
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Asks once. `None` where the server died before it answered.
async fn ask(http: &Client, url: &str, token: &str, query: &str, variables: Value) -> Option<Value> {
    let body = json!({ "query": query, "variables": variables });
    let sent = http.post(format!("{url}/graphql")).bearer_auth(token).json(&body).send().await;
    let answer: Value = sent.ok()?.json().await.ok()?;
    assert!(answer["errors"].is_null(), "{answer}");
    Some(answer["data"].clone())
}

async fn sign_in(http: &Client, url: &str) -> String {
    http.post(format!("{url}/auth/code")).json(&json!({ "email": EMAIL })).send().await.unwrap();
    let mail = http.get(format!("{url}/dev/mail?format=json")).send().await.unwrap().text().await.unwrap();
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = mail.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).unwrap();
    let body = json!({ "email": EMAIL, "code": code, "device": "test" });
    let answer = http.post(format!("{url}/auth/verify")).json(&body).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["accessToken"].as_str().unwrap().to_owned()
}

/// A batch that makes some todos at once.
#[derive(Clone)]
struct Sent {
    list: ListId,
    todos: Vec<String>,
    variables: Value,
}

impl Sent {
    fn new(list: ListId) -> Self {
        let todos: Vec<_> = (0..PER_BATCH).map(|_| TodoId::fresh().to_string()).collect();
        let create = |id| json!({ "createTodo": { "id": id, "title": "x", "notes": "", "order": "a1", "createdAt": 1 } });
        let actions: Vec<_> = todos.iter().map(create).collect();
        let batch = json!({ "mutationId": MutationId::fresh().to_string(), "list": list.to_string(), "actions": actions });
        Self { list, todos, variables: json!({ "batch": batch }) }
    }
}

const COMMIT: &str =
    "mutation($batch: BatchInput!) { commit(batch: $batch) { version outcomes { applied } } }";

/// Writes until the server is gone. What was not answered is sent again first thing in the next life.
async fn write(
    http: Client,
    url: String,
    token: String,
    list: ListId,
    mut open: Option<Sent>,
    answered: Arc<AtomicUsize>,
) -> (Vec<Sent>, Sent) {
    let mut acknowledged = Vec::new();
    loop {
        let batch = open.take().unwrap_or_else(|| Sent::new(list));
        let Some(data) = ask(&http, &url, &token, COMMIT, batch.variables.clone()).await else {
            return (acknowledged, batch);
        };
        assert!(
            data["commit"]["outcomes"].as_array().unwrap().iter().all(|outcome| outcome["applied"] == true)
        );
        acknowledged.push(batch);
        answered.fetch_add(1, Ordering::SeqCst);
    }
}

/// The ids of all todos of a list.
async fn stored(http: &Client, url: &str, token: &str, list: ListId) -> HashSet<String> {
    let query = "query($list: ID!, $since: Version!, $anchor: Version!) {
        changes(list: $list, since: $since, anchor: $anchor) { todos { id } until anchor more } }";
    let (mut ids, mut since, mut anchor) = (HashSet::new(), json!(0), json!(0));
    loop {
        let variables = json!({ "list": list.to_string(), "since": since, "anchor": anchor });
        let page = ask(http, url, token, query, variables).await.unwrap()["changes"].take();
        ids.extend(
            page["todos"].as_array().unwrap().iter().map(|todo| todo["id"].as_str().unwrap().to_owned()),
        );
        (since, anchor) = (page["until"].clone(), page["anchor"].clone());
        if page["more"] == false {
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_server_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let http = Client::new();
    let mut server = Server::start(folder.path());
    let token = sign_in(&http, &server.url).await;
    // Two writers share a list.
    let lists = [ListId::fresh(), ListId::fresh()];
    for list in lists {
        let create =
            json!({ "createList": { "title": "x", "colour": "RED", "order": "a1", "createdAt": 1 } });
        let batch = json!({ "mutationId": MutationId::fresh().to_string(), "list": list.to_string(), "actions": [create] });
        ask(&http, &server.url, &token, COMMIT, json!({ "batch": batch })).await.unwrap();
    }
    let mut acknowledged: HashMap<ListId, Vec<Sent>> = HashMap::new();
    let mut open: Vec<Option<Sent>> = vec![None; WRITERS];
    for kill in 0..KILLS {
        let answered = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = open
            .drain(..)
            .enumerate()
            .map(|(nth, open)| {
                let (url, token, list) = (server.url.clone(), token.clone(), lists[nth % lists.len()]);
                tokio::spawn(write(http.clone(), url, token, list, open, Arc::clone(&answered)))
            })
            .collect();
        // A moment after some writes, by chance: in the middle of others.
        let chance = RandomState::new().hash_one(kill);
        while answered.load(Ordering::SeqCst) < usize::try_from(chance % 12).unwrap() {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_micros(chance / 12 % 20_000)).await;
        server.kill();
        for writer in writers {
            let (done, rest) = writer.await.unwrap();
            done.into_iter().for_each(|sent| acknowledged.entry(sent.list).or_default().push(sent));
            open.push(Some(rest));
        }
        server = Server::start(folder.path());
        for list in lists {
            let ids = stored(&http, &server.url, &token, list).await;
            for sent in acknowledged.get(&list).into_iter().flatten() {
                assert!(sent.todos.iter().all(|id| ids.contains(id)), "an acknowledged batch is lost");
            }
            for sent in open.iter().flatten().filter(|sent| sent.list == list) {
                let there = sent.todos.iter().filter(|id| ids.contains(*id)).count();
                assert!(
                    there == 0 || there == PER_BATCH,
                    "{there} of {PER_BATCH} todos of a batch are there"
                );
            }
        }
    }
    let total: usize = acknowledged.values().map(Vec::len).sum();
    assert!(total >= KILLS, "too little was written for this to say anything: {total}");
    server.kill();
}
