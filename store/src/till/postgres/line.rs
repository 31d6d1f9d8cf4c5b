//! A line to PostgreSQL on which questions follow each other without waiting for answers: a round trip a batch's step instead of one
//! a statement. A busy machine takes long to turn around.

use crate::error::{Error, Result};
use futures::future;
use std::collections::HashMap;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

pub(super) struct Line {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

/// A statement with its parameters.
pub(super) struct Asked<'a> {
    sql: &'static str,
    params: Vec<Box<dyn ToSql + Sync + Send + 'a>>,
    /// What is written, and how many rows of it.
    all: Option<(&'static str, usize)>,
}

pub(super) fn asked<'a>(sql: &'static str) -> Asked<'a> {
    Asked { sql, params: Vec::new(), all: None }
}

impl<'a> Asked<'a> {
    pub(super) fn bind(mut self, param: impl ToSql + Sync + Send + 'a) -> Asked<'a> {
        self.params.push(Box::new(param));
        self
    }

    /// Another number of rows means that some row is no longer as it was loaded: another till has written it.
    pub(super) fn all(self, what: &'static str, rows: usize) -> Asked<'a> {
        Asked { all: Some((what, rows)), ..self }
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect()
    }
}

impl Line {
    pub(super) async fn open(config: &Config) -> Result<Line> {
        let (client, connection) = config.connect(NoTls).await?;
        // Ends with the client, or breaks: every question is told so.
        tokio::spawn(connection);
        Ok(Line { client, prepared: HashMap::new() })
    }

    /// Statements of their own, without parameters or answers.
    pub(super) async fn say(&self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// The rows of each question that is one, after `first` has been said.
    pub(super) async fn ask<const N: usize>(&mut self, first: &str, questions: [Option<Asked<'_>>; N]) -> Result<[Vec<Row>; N]> {
        for question in questions.iter().flatten() {
            self.prepare(question.sql).await?;
        }
        let line = &*self;
        let first = async { if first.is_empty() { Ok(()) } else { line.say(first).await } };
        let answers = questions.iter().map(|question| async move {
            match question {
                Some(question) => line.client.query(&line.prepared[question.sql], &question.params()).await,
                None => Ok(Vec::new()),
            }
        });
        // Each sends what it has when it is first looked at, in this order.
        let (first, answers) = future::join(first, future::join_all(answers)).await;
        first?;
        let mut rows = [const { Vec::new() }; N];
        for (rows, answer) in rows.iter_mut().zip(answers) {
            *rows = answer?;
        }
        Ok(rows)
    }

    /// Writes in this order. The first that went wrong is told.
    pub(super) async fn write(&mut self, writes: &[Asked<'_>]) -> Result<()> {
        for write in writes {
            self.prepare(write.sql).await?;
        }
        let line = &*self;
        let answers = writes.iter().map(|write| async move { line.client.execute(&line.prepared[write.sql], &write.params()).await });
        for (write, rows) in writes.iter().zip(future::join_all(answers).await) {
            let rows = rows?;
            if let Some((what, expected)) = write.all
                && rows != expected as u64
            {
                return Err(Error::Overtaken(what));
            }
        }
        Ok(())
    }

    async fn prepare(&mut self, sql: &'static str) -> Result<()> {
        if !self.prepared.contains_key(sql) {
            self.prepared.insert(sql, self.client.prepare(sql).await?);
        }
        Ok(())
    }
}
