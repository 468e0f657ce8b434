//! The store in a real browser, without a server: what is shown, kept and passed on between tabs.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use app::store::{NoticeKind, Phase, SignOutError, Store, Unsent};
use domain::{
    action::{Action, MediaPatch, NewList, NewMedia, NewTodo, TodoPatch},
    colour::Colour,
    error::Code,
    id::{ListId, MediaId, TodoId, UserId},
    media::{MediaKind, MediaState},
    order::OrderKey,
    time::Timestamp,
};
use futures::channel::oneshot;
use leptos::{mount::mount_to_body, prelude::*, task::tick};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A tab: a store under an owner of its own, which ends with it.
struct Tab {
    owner: Owner,
    store: Store,
}

impl Tab {
    fn open() -> Self {
        // Sets up what runs tasks.
        mount_to_body(|| ());
        let owner = Owner::new();
        let store = owner.with(Store::provide);
        Self { owner, store }
    }

    /// A tab that shows its user's data.
    async fn ready() -> Self {
        let tab = Self::open();
        let phase = tab.owner.with(|| tab.store.phase());
        tab.until(move || phase.get() == Phase::Ready).await;
        tab
    }

    fn watch<T: Send + Sync + 'static>(&self, signal: impl FnOnce(Store) -> Signal<T>) -> Signal<T> {
        self.owner.with(|| signal(self.store))
    }

    /// Waits until it is so.
    async fn until(&self, is: impl Fn() -> bool + 'static) {
        let (sender, receiver) = oneshot::channel();
        let sender = Cell::new(Some(sender));
        self.owner.with(|| {
            Effect::new(move |_| {
                if is()
                    && let Some(sender) = sender.take()
                {
                    let _ = sender.send(());
                }
            })
        });
        receiver.await.unwrap();
    }

    fn close(self) {
        self.owner.cleanup();
    }
}

fn local_storage() -> web_sys::Storage {
    window().local_storage().unwrap().unwrap()
}

/// Makes this device one where somebody new has signed in before.
fn sign_in() -> UserId {
    let user = UserId::fresh();
    let record = format!(r#"{{"id":"{user}","email":"ada@example.com","waiting":null}}"#);
    local_storage().set_item("stack-account", &record).unwrap();
    user
}

fn sign_out() {
    local_storage().remove_item("stack-account").unwrap();
}

fn new_list(tab: &Tab) -> ListId {
    let list = ListId::fresh();
    let action = Action::CreateList(NewList {
        title: "Garden".into(),
        colour: Colour::Green,
        order: tab.store.last_list_order().unwrap(),
        created_at: Timestamp(1),
    });
    tab.store.act(list, vec![action]).unwrap();
    list
}

fn new_todo(tab: &Tab, list: ListId, title: &str) -> TodoId {
    let id = TodoId::fresh();
    let action = Action::CreateTodo(NewTodo {
        id,
        parent: None,
        title: title.into(),
        notes: String::new(),
        done_at: None,
        due: None,
        order: tab.store.last_todo_order(list, None).unwrap(),
        created_at: Timestamp(1),
    });
    tab.store.act(list, vec![action]).unwrap();
    id
}

fn retitle(tab: &Tab, list: ListId, id: TodoId, title: &str) {
    let patch = TodoPatch { title: Some(title.into()), ..TodoPatch::default() };
    tab.store.act(list, vec![Action::EditTodo { id, patch }]).unwrap();
}

fn new_media(tab: &Tab, list: ListId, todo: TodoId, bytes: u64) -> MediaId {
    let id = MediaId::fresh();
    let last = tab.store.media_now(list, todo).last().and_then(|last| tab.store.media_item_now(list, *last));
    let action = Action::AddMedia(NewMedia {
        id,
        todo,
        kind: MediaKind::Image,
        name: "beans.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes,
        order: OrderKey::between(last.as_ref().map(|last| &last.order), None, 7).unwrap(),
        created_at: Timestamp(1),
    });
    tab.store.act(list, vec![action]).unwrap();
    id
}

#[wasm_bindgen_test]
async fn nobody_is_signed_in_on_a_new_device() {
    sign_out();
    let tab = Tab::open();
    let phase = tab.watch(Store::phase);
    assert_eq!(phase.get_untracked(), Phase::Starting);
    tab.until(move || phase.get() == Phase::SignedOut).await;
    tab.close();
}

#[wasm_bindgen_test]
async fn changes_show_at_once_and_outlive_the_tab() {
    sign_in();
    let tab = Tab::ready().await;
    let list = new_list(&tab);
    let todo = new_todo(&tab, list, "Water the beans");
    assert_eq!(tab.store.todo_now(list, todo).unwrap().title, "Water the beans");
    assert_eq!(tab.watch(Store::unsaved_count).get_untracked(), 2);
    // The other tab reads it from storage, so it is there.
    let other = Tab::ready().await;
    let shown = other.watch(|store| store.todo(list, todo));
    other.until(move || shown.get().is_some()).await;
    tab.close();
    other.close();

    let again = Tab::ready().await;
    assert_eq!(again.store.todo_now(list, todo).unwrap().title, "Water the beans");
    assert_eq!(again.store.list_now(list).unwrap().list.title, "Garden");
    assert_eq!(again.watch(Store::unsaved_count).get_untracked(), 2);
    again.close();
}

#[wasm_bindgen_test]
async fn what_one_tab_does_all_tabs_show() {
    sign_in();
    let (one, two) = (Tab::ready().await, Tab::ready().await);
    let list = new_list(&one);
    let todo = new_todo(&one, list, "Sow");
    let shown = two.watch(|store| store.todo(list, todo));
    two.until(move || shown.get().is_some()).await;

    retitle(&two, list, todo, "Sow peas");
    let shown = one.watch(|store| store.todo(list, todo));
    one.until(move || shown.get().is_some_and(|todo| todo.title == "Sow peas")).await;
    // Both ways at once: each keeps its own and gets the other's.
    let (of_one, of_two) = (new_todo(&one, list, "Weed"), new_todo(&two, list, "Rake"));
    for tab in [&one, &two] {
        let ids = tab.watch(|store| store.todos(list));
        tab.until(move || {
            let ids = ids.get();
            ids.len() == 3 && ids.contains(&of_one) && ids.contains(&of_two)
        })
        .await;
    }
    assert_eq!(one.store.todos_now(list), two.store.todos_now(list));
    one.close();
    two.close();
}

#[wasm_bindgen_test]
async fn a_new_title_is_drawn_once_and_nothing_else_is() {
    sign_in();
    let tab = Tab::ready().await;
    let list = new_list(&tab);
    let todos: Vec<_> = (0..50).map(|number| new_todo(&tab, list, &format!("Todo {number}"))).collect();
    let drawn: Rc<RefCell<Vec<usize>>> = Rc::default();
    tab.owner.with(|| {
        for (number, id) in todos.iter().enumerate() {
            let (drawn, todo) = (Rc::clone(&drawn), tab.store.todo(list, *id));
            Effect::new(move |_| {
                let _title = todo.get();
                drawn.borrow_mut().push(number);
            });
        }
        let (drawn, order) = (Rc::clone(&drawn), tab.store.todos(list));
        Effect::new(move |_| {
            let _ids = order.get();
            drawn.borrow_mut().push(usize::MAX);
        });
    });
    tick().await;
    assert_eq!(drawn.borrow().len(), 51, "everything is drawn at first");
    drawn.borrow_mut().clear();

    retitle(&tab, list, todos[17], "Another title");
    tick().await;
    assert_eq!(*drawn.borrow(), [17]);
    tab.close();
}

#[wasm_bindgen_test]
async fn text_that_is_too_long_is_refused_before_anything_changes() {
    sign_in();
    let tab = Tab::ready().await;
    let list = new_list(&tab);
    let todo = new_todo(&tab, list, "Sow");
    let patch = TodoPatch { title: Some("x".repeat(501)), ..TodoPatch::default() };
    let refused = tab.store.act(list, vec![Action::EditTodo { id: todo, patch }]);
    assert_eq!(refused, Err(Code::TitleTooLong));
    assert_eq!(tab.store.todo_now(list, todo).unwrap().title, "Sow");
    assert!(tab.watch(Store::notices).get_untracked().is_empty());
    tab.close();
}

#[wasm_bindgen_test]
async fn a_change_that_is_not_allowed_becomes_a_notice_with_its_text() {
    sign_in();
    let tab = Tab::ready().await;
    let list = ListId::fresh();
    let patch = TodoPatch { title: Some("Long thought".into()), ..TodoPatch::default() };
    tab.store.act(list, vec![Action::EditTodo { id: TodoId::fresh(), patch }]).unwrap();
    let notices = tab.watch(Store::notices);
    let notice = notices.get_untracked()[0].clone();
    assert!(matches!(notice.what, NoticeKind::Refused { code: Code::NotFound, .. }), "{notice:?}");
    assert_eq!(notice.text().unwrap(), "Long thought");
    tab.store.dismiss(notice.id);
    assert!(notices.get_untracked().is_empty());
    tab.close();
}

#[wasm_bindgen_test]
async fn todos_and_lists_move_to_where_they_are_put() {
    sign_in();
    let tab = Tab::ready().await;
    let (garden, house) = (new_list(&tab), new_list(&tab));
    let [a, b, c] = ["a", "b", "c"].map(|title| new_todo(&tab, garden, title));
    tab.store.move_todo(garden, c, Some(a)).unwrap();
    assert_eq!(*tab.store.todos_now(garden), [c, a, b]);
    tab.store.move_todo(garden, c, None).unwrap();
    assert_eq!(*tab.store.todos_now(garden), [a, b, c]);
    tab.store.move_list(house, Some(garden)).unwrap();
    assert_eq!(*tab.store.lists_now(), [house, garden]);
    tab.close();
}

#[wasm_bindgen_test]
async fn signing_out_asks_before_it_loses_anything_and_then_leaves_nothing() {
    let user = sign_in();
    let tab = Tab::ready().await;
    new_list(&tab);
    assert_eq!(tab.store.sign_out(Unsent::Keep).await, Err(SignOutError::Unsent(1)));
    assert_eq!(tab.store.lists_now().len(), 1);

    assert_eq!(tab.store.sign_out(Unsent::Discard).await, Ok(()));
    assert_eq!(tab.watch(Store::phase).get_untracked(), Phase::SignedOut);
    assert!(tab.store.lists_now().is_empty());
    assert_eq!(local_storage().get_item("stack-account").unwrap(), None);
    tab.close();

    let record = format!(r#"{{"id":"{user}","email":"ada@example.com","waiting":null}}"#);
    local_storage().set_item("stack-account", &record).unwrap();
    let again = Tab::ready().await;
    assert!(again.store.lists_now().is_empty());
    again.close();
}

#[wasm_bindgen_test]
async fn photos_show_at_once_in_all_tabs_and_outlive_them() {
    sign_in();
    let (tab, other) = (Tab::ready().await, Tab::ready().await);
    let list = new_list(&tab);
    let todo = new_todo(&tab, list, "Water the beans");
    let (one, two) = (new_media(&tab, list, todo, 1_000), new_media(&tab, list, todo, 500));
    assert_eq!(*tab.store.media_now(list, todo), [one, two]);
    assert_eq!(tab.store.media_item_now(list, one).unwrap().state, MediaState::Waiting);
    assert_eq!(tab.watch(Store::media_bytes).get_untracked(), 1_500);
    assert!(tab.watch(|store| store.unsaved_media(list, one)).get_untracked());

    let strip = other.watch(|store| store.media(list, todo));
    other.until(move || strip.get().len() == 2).await;
    let gallery = other.watch(Store::gallery);
    assert_eq!(*gallery.get_untracked(), [(list, two), (list, one)]);
    other.store.act(list, vec![Action::DeleteMedia { id: one, at: Timestamp(2) }]).unwrap();
    assert_eq!(*gallery.get_untracked(), [(list, two)]);
    let gone = tab.watch(|store| store.media_item(list, one));
    tab.until(move || gone.get().is_none()).await;
    tab.close();
    other.close();

    let again = Tab::ready().await;
    assert_eq!(*again.store.media_now(list, todo), [two]);
    assert_eq!(again.watch(Store::media_bytes).get_untracked(), 500);
    again.close();
}

#[wasm_bindgen_test]
async fn a_caption_is_drawn_once_and_nothing_else_is() {
    sign_in();
    let tab = Tab::ready().await;
    let list = new_list(&tab);
    let todo = new_todo(&tab, list, "Water the beans");
    let media: Vec<_> = (0..10).map(|_| new_media(&tab, list, todo, 1_000)).collect();
    let drawn: Rc<RefCell<Vec<usize>>> = Rc::default();
    tab.owner.with(|| {
        for (number, id) in media.iter().enumerate() {
            let (drawn, media) = (Rc::clone(&drawn), tab.store.media_item(list, *id));
            Effect::new(move |_| {
                let _media = media.get();
                drawn.borrow_mut().push(number);
            });
        }
        let (drawn, all) = (Rc::clone(&drawn), (tab.store.media(list, todo), tab.store.gallery()));
        let title = tab.store.todo(list, todo);
        Effect::new(move |_| {
            let _all = (all.0.get(), all.1.get(), title.get());
            drawn.borrow_mut().push(usize::MAX);
        });
    });
    tick().await;
    assert_eq!(drawn.borrow().len(), 11, "everything is drawn at first");
    drawn.borrow_mut().clear();

    let caption = |text: String| Action::EditMedia {
        id: media[3],
        patch: MediaPatch { caption: Some(text), ..MediaPatch::default() },
    };
    tab.store.act(list, vec![caption("Beans".into())]).unwrap();
    tick().await;
    assert_eq!(*drawn.borrow(), [3]);
    assert_eq!(tab.store.act(list, vec![caption("x".repeat(501))]), Err(Code::CaptionTooLong));
    assert_eq!(tab.store.media_item_now(list, media[3]).unwrap().caption, "Beans");
    tab.close();
}
