//! Mail of environments that tests run against: what nobody can get is kept, everything else is sent.

use domain::{email::Email, time::Timestamp};
use lambda::Keeping;
use platform::{Key, Mail, Mailbox, Mailer as _, Table};

async fn keeping() -> (Keeping<Mailbox>, Mailbox, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let others = Mailbox::quiet();
    (Keeping { table, others: others.clone() }, others, folder)
}

fn mail(to: &str) -> Mail {
    let (subject, text) = ("Your code".to_owned(), "123456".to_owned());
    Mail { to: to.parse().unwrap(), subject, text, at: Timestamp(1_000_000) }
}

#[tokio::test]
async fn mail_to_addresses_that_nobody_has_is_kept_for_ten_minutes() {
    let (keeping, sent, _folder) = keeping().await;
    keeping.send(mail("ada@example.org")).await.unwrap();
    assert!(sent.mails().is_empty());
    let kept =
        keeping.table.get(&Key::kept_mail(&"ada@example.org".parse::<Email>().unwrap())).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.text("text").unwrap(), "123456");
    assert_eq!(kept.number::<i64>("ttl").unwrap(), 1_600);
}

#[tokio::test]
async fn mail_to_people_is_sent_and_not_kept() {
    let (keeping, sent, _folder) = keeping().await;
    for person in
        ["ada@example.com", "ada@notexample.org", "ada@example.org.evil.test", "ada@sub.example.org"]
    {
        keeping.send(mail(person)).await.unwrap();
        let key = Key::kept_mail(&person.parse::<Email>().unwrap());
        assert!(keeping.table.get(&key).await.unwrap().is_none(), "{person}");
    }
    assert_eq!(sent.mails().len(), 4);
}
