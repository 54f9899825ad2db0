import Hummingbird
import PairAPI
import PairCore
import PairScheduler
import PairStore
import PairTraining

/// The API: what its handlers share, and the router over them.
///
/// Handlers await; whatever blocks (the store, datasets, large grids) runs on threads of its own.
package struct APIServer: Sendable {
  package let scheduler: Scheduler
  package let catalog: DatasetCatalog
  package let changes: ChangeHub
  package let facts: DaemonFacts
  let requests = RequestMeter()

  package var store: Store { scheduler.store }

  package init(scheduler: Scheduler, catalog: DatasetCatalog, changes: ChangeHub, facts: DaemonFacts) {
    self.scheduler = scheduler
    self.catalog = catalog
    self.changes = changes
    self.facts = facts
  }

  package func responder() -> RouterResponder<APIContext> { table().responder() }

  func table() -> RouteTable {
    var table = RouteTable()
    addStatus(to: &table)
    addStudies(to: &table)
    addProgress(to: &table)
    addJobs(to: &table)
    addControl(to: &table)
    addResults(to: &table)
    addDatasets(to: &table)
    addModels(to: &table)
    addReproductions(to: &table)
    addAudits(to: &table)
    addMetrics(to: &table)
    table.getText(.openAPI, type: "application/json; charset=utf-8") { PackageResources.openapi_json }
    return table
  }
}

/// What does not change while the daemon runs.
package struct DaemonFacts: Sendable {
  package var provenance: Provenance
  package var stateDirectory: String
  package var dataDirectory: String
  package var startedAt: ContinuousClock.Instant

  package init(
    provenance: Provenance, stateDirectory: String, dataDirectory: String, startedAt: ContinuousClock.Instant = .now
  ) {
    self.provenance = provenance
    self.stateDirectory = stateDirectory
    self.dataDirectory = dataDirectory
    self.startedAt = startedAt
  }
}
