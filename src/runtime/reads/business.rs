//! The caller's own business.

use crate::model::actor::Actor;
use crate::model::directory::Business;
use crate::model::ids::BusinessId;
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use crate::store::businesses;

impl Runtime {
    /// The business of the caller.
    pub async fn business(&self, actor: &Actor) -> Result<Business, Refusal> {
        let id = actor.business.clone();
        self.read(move |conn, _| Ok(businesses::find(conn, &id)?.ok_or_else(|| Refusal::not_found("business", &id))?))
            .await
    }

    /// Every business of this installation: for the command line of the machine itself.
    pub async fn businesses(&self) -> Result<Vec<Business>, Refusal> {
        self.read(|conn, _| Ok(businesses::list(conn)?)).await
    }

    /// Whether a business is there.
    pub async fn has_business(&self, id: &BusinessId) -> Result<bool, Refusal> {
        let id = id.clone();
        self.read(move |conn, _| Ok(businesses::find(conn, &id)?.is_some())).await
    }
}
