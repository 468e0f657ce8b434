//! Every field and every route as nobody, with bad tokens, as a stranger and in each role. A root field of the
//! API that has no case here fails the test.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod world;

use std::{collections::BTreeSet, sync::Arc};

use account::{Accounts, Keys, RateLimits};
use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use domain::id::{ListId, MediaId, MutationId, TodoId};
use media::Medias;
use platform::{
    LocalPokes, Mailbox,
    blob::{BlobKey, Bucket},
    graphql,
};
use serde_json::{Value, json};
use server::host::ROUTES;
use todo::Lists;
use world::{Device, MINUTE, World, code, refusal};

/// What each kind of caller gets: an error's code, or `None` for an answer.
struct Expected {
    stranger: Option<&'static str>,
    viewer: Option<&'static str>,
    editor: Option<&'static str>,
}

/// About the caller alone, whoever that is.
const OWN: Expected = Expected { stranger: None, viewer: None, editor: None };
const READ: Expected = Expected { stranger: Some("NOT_FOUND"), viewer: None, editor: None };
const WRITE: Expected = Expected { stranger: Some("NOT_FOUND"), viewer: Some("FORBIDDEN"), editor: None };
const OWNER: Expected =
    Expected { stranger: Some("NOT_FOUND"), viewer: Some("FORBIDDEN"), editor: Some("FORBIDDEN") };

/// A case's field, its operation over `$list`, `$todo`, `$media` (a picture that has been sent), `$film` (a film that
/// is sent in parts), `$id` (a mutation's) and `$email`, and what is expected.
const CASES: [(&str, &str, Expected); 23] = [
    ("Query.me", "{ me { id email sessions { id } lists { id } } }", OWN),
    ("Query.heads", "{ heads { list version role } }", OWN),
    ("Query.changes", "{ changes(list: \"$list\", since: 0) { until todos { id } } }", READ),
    ("Query.list", "{ list(id: \"$list\") { id title todos { id } } }", READ),
    ("Query.todo", "{ todo(list: \"$list\", id: \"$todo\") { id title } }", READ),
    (
        "Mutation.commit",
        "mutation { commit(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ editTodo: { id: \"$todo\", title: \"Mine now\" } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.commit",
        "mutation { commit(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ editList: { title: \"Mine now\" } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.commit",
        "mutation { commit(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ deleteTodo: { id: \"$todo\", at: 1 } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.commit",
        "mutation { commit(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ deleteList: true }] }) { outcomes { code } } }",
        OWNER,
    ),
    // Lists of others are left out.
    ("Query.mediaAccess", "{ mediaAccess(lists: [\"$list\"]) { list query expiresAt } }", OWN),
    ("Query.uploadedParts", "{ uploadedParts(list: \"$list\", media: \"$film\") { number } }", WRITE),
    ("Query.changes", "{ changes(list: \"$list\", since: 0) { media { id name } } }", READ),
    ("Query.todo", "{ todo(list: \"$list\", id: \"$todo\") { media { id name } } }", READ),
    (
        "Mutation.commitMedia",
        "mutation { commitMedia(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ editMedia: { id: \"$media\", caption: \"Mine now\" } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.commitMedia",
        "mutation { commitMedia(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ addMedia: { id: \"$id\", todo: \"$todo\", kind: IMAGE, name: \"a.png\", contentType: \"image/png\", \
        bytes: 1, order: \"V\", createdAt: 1 } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.commitMedia",
        "mutation { commitMedia(batch: { mutationId: \"$id\", list: \"$list\", actions: \
        [{ retryMedia: { id: \"$media\" } }] }) { outcomes { code } } }",
        WRITE,
    ),
    (
        "Mutation.signUpload",
        "mutation { signUpload(list: \"$list\", media: \"$film\") { expiresAt } }",
        WRITE,
    ),
    (
        "Mutation.signParts",
        "mutation { signParts(list: \"$list\", media: \"$film\", numbers: [1]) { number url } }",
        WRITE,
    ),
    (
        "Mutation.confirmUpload",
        "mutation { confirmUpload(mutationId: \"$id\", list: \"$list\", media: \"$media\") { id } }",
        WRITE,
    ),
    (
        "Mutation.revokeSession",
        "mutation { revokeSession(mutationId: \"$id\", session: \"$session\") { id } }",
        OWN,
    ),
    ("Mutation.signOutElsewhere", "mutation { signOutElsewhere(mutationId: \"$id\") { id } }", OWN),
    ("Mutation.signOutEverywhere", "mutation { signOutEverywhere(mutationId: \"$id\") }", OWN),
    ("Mutation.deleteAccount", "mutation { deleteAccount(mutationId: \"$id\", email: \"$email\") }", OWN),
];

struct Scene {
    world: World,
    owner: Device,
    session: String,
    list: ListId,
    todo: TodoId,
    media: MediaId,
    film: MediaId,
}

impl Scene {
    async fn set() -> Self {
        let mut rate_limits = RateLimits::default();
        rate_limits.codes_to_address.times = 1_000;
        let world = World::with(rate_limits).await;
        let owner = world.sign_in("owner@example.com", "Laptop").await;
        let list = world.make_list(&owner).await;
        let todo = TodoId::fresh();
        let batch = json!({ "mutationId": MutationId::fresh(), "list": list, "actions": [
            { "createTodo": { "id": todo, "title": "Milk", "notes": "", "order": "V", "createdAt": 1 } },
        ]});
        let query = "mutation($batch: BatchInput!) { commit(batch: $batch) { version } }";
        let answer = world.graphql(&owner.token, query, json!({ "batch": batch })).await;
        assert_eq!(answer["data"]["commit"]["version"], 2, "{answer}");
        let me = world.graphql(&owner.token, "{ me { sessions { id } } }", json!({})).await;
        let session = me["data"]["me"]["sessions"][0]["id"].as_str().unwrap().to_owned();
        let (media, film) = (MediaId::fresh(), MediaId::fresh());
        let add = |id: MediaId, kind: &str, content_type: &str, bytes: u64| {
            json!({ "addMedia": { "id": id, "todo": todo, "kind": kind, "name": "a", "contentType": content_type,
                "bytes": bytes, "order": "V", "createdAt": 1 } })
        };
        let batch = json!({ "mutationId": MutationId::fresh(), "list": list, "actions": [
            add(media, "IMAGE", "image/png", 10), add(film, "VIDEO", "video/mp4", 60_000_000),
        ]});
        let query = "mutation($batch: MediaBatchInput!) { commitMedia(batch: $batch) { version } }";
        let answer = world.graphql(&owner.token, query, json!({ "batch": batch })).await;
        assert_eq!(answer["data"]["commitMedia"]["version"], 3, "{answer}");
        let query = "mutation($list: ID!, $media: ID!, $film: ID!) { signUpload(list: $list, media: $media) \
                     { post { fields { name value } } } film: signUpload(list: $list, media: $film) { expiresAt } }";
        let answer =
            world.graphql(&owner.token, query, json!({ "list": list, "media": media, "film": film })).await;
        let fields = answer["data"]["signUpload"]["post"]["fields"].as_array().unwrap();
        let key = fields.iter().find(|field| field["name"] == "key").unwrap()["value"].as_str().unwrap();
        let key = BlobKey::parse(key).unwrap();
        world.host.blobs.put(Bucket::Originals, &key, "image/png", "0123456789".into()).await.unwrap();
        Self { world, owner, session, list, todo, media, film }
    }

    fn query(&self, operation: &str, email: &str) -> String {
        operation
            .replace("$list", &self.list.to_string())
            .replace("$todo", &self.todo.to_string())
            .replace("$media", &self.media.to_string())
            .replace("$film", &self.film.to_string())
            .replace("$session", &self.session)
            .replace("$id", &MutationId::fresh().to_string())
            .replace("$email", email)
    }

    /// What the owner sees of the list and the account.
    async fn seen(&self) -> Value {
        let operation = "{ me { email sessions { id } lists { id title } } todo(list: \"$list\", id: \"$todo\") \
                         { title deletedAt } }";
        self.world.graphql(&self.owner.token, &self.query(operation, ""), json!({})).await
    }
}

/// The code of the refusal, be it of the whole request or of the one action in its batch.
fn verdict(answer: &Value) -> Option<&str> {
    match &answer["errors"] {
        Value::Null => {
            let commits =
                ["commit", "commitMedia"].map(|field| &answer["data"][field]["outcomes"][0]["code"]);
            commits.into_iter().find_map(Value::as_str)
        }
        _ => Some(code(answer)),
    }
}

/// Every root field that the API has.
fn root_fields(schema: &str) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for definition in parse_schema(schema).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        if let (TypeKind::Object(object), "Query" | "Mutation") = (definition.node.kind, name.as_str()) {
            fields.extend(object.fields.iter().map(|field| format!("{name}.{}", field.node.name.node)));
        }
    }
    fields
}

#[tokio::test]
async fn every_field_has_a_case() {
    let world = World::new().await;
    let cases: BTreeSet<String> = CASES.iter().map(|(field, _, _)| (*field).to_owned()).collect();
    assert_eq!(root_fields(&world.host.api_schema), cases);
}

#[tokio::test]
async fn nobody_and_bad_tokens_get_nothing() {
    let scene = Scene::set().await;
    let before = scene.seen().await;
    let other = World::new().await.sign_in("owner@example.com", "Laptop").await.token;
    let expired = scene.world.sign_in("late@example.com", "Laptop").await.token;
    let mut payload = scene.owner.token.split('.');
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", payload.nth(1).unwrap());
    let cut = scene.owner.token.rsplit_once('.').unwrap().0.to_owned();
    scene.world.clock.advance(3 * MINUTE);
    // The owner's own token must outlive the expired one, so it is renewed in between.
    let owner = scene.world.sign_in("owner@example.com", "Phone").await;
    scene.world.clock.advance(3 * MINUTE);
    for (field, operation, _) in CASES {
        let body = json!({ "query": scene.query(operation, "owner@example.com") });
        let headers: [(&str, String); 7] = [
            ("x-nothing", String::new()),
            ("authorization", String::new()),
            ("authorization", format!("Basic {}", owner.token)),
            ("authorization", format!("Bearer {unsigned}")),
            ("authorization", format!("Bearer {cut}.AAAA")),
            ("authorization", format!("Bearer {other}")),
            ("authorization", format!("Bearer {expired}")),
        ];
        for (name, value) in headers {
            let request = scene.world.http.post(scene.world.url("/graphql")).header(name, &value);
            // What the gateway tells the subgraphs can't be said by a client.
            let forged =
                json!({ "user": owner.user, "session": scene.session, "requestId": "x" }).to_string();
            let response = request.header("x-stack-caller", forged).json(&body).send().await.unwrap();
            assert_eq!(
                refusal(response).await,
                (401, "UNAUTHENTICATED".into()),
                "{field} with {name}: {value}"
            );
        }
    }
    let scene = Scene { owner, ..scene };
    let after = scene.seen().await;
    assert_eq!(after["data"]["todo"], before["data"]["todo"]);
    assert_eq!(after["data"]["me"]["lists"], before["data"]["me"]["lists"]);
}

#[tokio::test]
async fn the_subgraphs_themselves_answer_nobody() {
    let scene = Scene::set().await;
    let (table, clock) = (scene.world.host.table.clone(), scene.world.clock.clone());
    let pokes = Arc::new(LocalPokes::default());
    let keys = Keys::load_or_create(&scene.world.folder.path().join("signing-key")).unwrap();
    let accounts = Accounts::new(
        table.clone(),
        clock.clone(),
        Arc::new(Mailbox::quiet()),
        pokes.clone(),
        keys,
        RateLimits::default(),
    );
    let lists = Lists::new(table.clone(), clock.clone(), pokes.clone());
    let (blobs, access) = (scene.world.host.blobs.clone(), scene.world.host.access.clone());
    let media = media::schema(Medias::new(table, clock, pokes, blobs, access));
    let (account, todo) = (account::schema(accounts), todo::schema(lists));
    for (field, operation, _) in CASES {
        // `lists` of a user, and what media are like, is another subgraph's.
        let query = scene.query(operation, "owner@example.com").replace(" lists { id }", "");
        let query = query.replace("since: 0) { media { id name } }", "since: 0) { until }");
        let query = query.replace(
            &format!("id: \"{}\") {{ media {{ id name }} }}", scene.todo),
            &format!("id: \"{}\") {{ id }}", scene.todo),
        );
        let answers = [
            serde_json::to_value(graphql::answer(&account, None, &query, Default::default()).await).unwrap(),
            serde_json::to_value(graphql::answer(&todo, None, &query, Default::default()).await).unwrap(),
            serde_json::to_value(graphql::answer(&media, None, &query, Default::default()).await).unwrap(),
        ];
        let mut codes: Vec<&str> = answers.iter().map(code).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["INVALID_QUERY", "INVALID_QUERY", "UNAUTHENTICATED"], "{field}");
    }
    let entity = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }";
    let user = json!({ "__typename": "User", "id": scene.owner.user });
    let variables = serde_json::Map::from_iter([("r".to_owned(), json!([user]))]);
    let nobody = graphql::answer(&account, None, entity, variables.clone()).await;
    assert_eq!(code(&serde_json::to_value(nobody).unwrap()), "UNAUTHENTICATED");
    let stranger = scene.world.sign_in("stranger@example.com", "Laptop").await;
    let caller = platform::Caller {
        user: stranger.user,
        session: scene.session.parse().unwrap(),
        request_id: String::new(),
    };
    for answer in [
        graphql::answer(&account, Some(caller.clone()), entity, variables.clone()).await,
        graphql::answer(&todo, Some(caller.clone()), entity, variables.clone()).await,
        graphql::answer(&media, Some(caller.clone()), entity, variables).await,
    ] {
        assert_eq!(code(&serde_json::to_value(answer).unwrap()), "NOT_FOUND");
    }
    // An entity is looked up as whoever asks, whatever the gateway was told before.
    let of = |kind: &str, id: &dyn ToString| {
        let key = json!({ "__typename": kind, "list": scene.list, "id": id.to_string() });
        serde_json::Map::from_iter([("r".to_owned(), json!([key]))])
    };
    let name = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Media { name } } }";
    let album = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Todo { media { name } } } }";
    let title = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Todo { title } } }";
    for (caller, expected) in [(Some(caller), "NOT_FOUND"), (None, "UNAUTHENTICATED")] {
        for answer in [
            graphql::answer(&media, caller.clone(), name, of("Media", &scene.media)).await,
            graphql::answer(&media, caller.clone(), album, of("Todo", &scene.todo)).await,
            graphql::answer(&todo, caller.clone(), title, of("Todo", &scene.todo)).await,
        ] {
            assert_eq!(code(&serde_json::to_value(answer).unwrap()), expected);
        }
    }
}

#[tokio::test]
async fn each_role_may_do_what_it_may_and_no_more() {
    for (number, (field, operation, expected)) in CASES.into_iter().enumerate() {
        // A new scene for each field, since some of them end things.
        let scene = Scene::set().await;
        let before = scene.seen().await;
        let roles =
            [("stranger", expected.stranger), ("viewer", expected.viewer), ("editor", expected.editor)];
        for (role, expected) in roles {
            let email = format!("{role}{number}@example.com");
            let device = scene.world.sign_in(&email, "Laptop").await;
            if role != "stranger" {
                scene.world.share(scene.list, device.user, role).await;
            }
            let answer = scene.world.graphql(&device.token, &scene.query(operation, &email), json!({})).await;
            assert_eq!(verdict(&answer), expected, "{field} as {role}: {answer}");
            if expected.is_some() || !field.starts_with("Mutation.commit") {
                let after = scene.seen().await;
                assert_eq!(after, before, "{field} as {role} changed what is the owner's");
                let text = answer["data"].to_string();
                if role == "stranger" {
                    assert!(
                        !text.contains(&scene.list.to_string()) && !text.contains("owner@"),
                        "{field}: {text}"
                    );
                }
            }
        }
        let query = scene.query(operation, "owner@example.com");
        let answer = scene.world.graphql(&scene.owner.token, &query, json!({})).await;
        assert_eq!(verdict(&answer), None, "{field} as owner: {answer}");
    }
}

#[tokio::test]
async fn every_route_as_nobody() {
    let world = World::new().await;
    for (method, path) in ROUTES {
        let request = world.http.request(method.parse().unwrap(), world.url(path));
        let request = if method == "POST" { request.json(&json!({})) } else { request };
        let response = request.send().await.unwrap();
        let expected = match path {
            "/graphql" | "/auth/refresh" => 401,
            "/auth/code" | "/auth/verify" | "/ws" => 400,
            "/auth/sign-out" | "/healthz" => 204,
            "/dev/mail" => 200,
            "/originals" => 400,
            "/originals/{key}" | "/media/{list}/{token}/{generation}/{file}" => 404,
            other => panic!("no case for {other}"),
        };
        assert_eq!(response.status(), expected, "{path}");
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            headers.contains_key("content-security-policy") && headers.contains_key("x-request-id"),
            "{path}"
        );
        if expected >= 400 {
            refusal(response).await;
        }
        let wrong = world.http.delete(world.url(path)).send().await.unwrap();
        assert_eq!(refusal(wrong).await, (405, "MALFORMED".into()), "{path}");
    }
}
