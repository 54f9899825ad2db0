import PairCore
import PairScheduler
import PairTraining

/// A dataset whose files are no longer those that the job was submitted for.
struct DatasetChangedError: Error, CustomStringConvertible {
  var name: String
  var description: String {
    "dataset '\(name)' has changed since the job was submitted: submit the job again to train on the new files"
  }
}

extension DatasetCatalog {
  /// Trains a claimed job on the dataset that it names, if that has still the bytes that it was submitted for.
  package func runner() -> Runner {
    { job, shouldStop, onEpoch in
      let dataset = try self.load(job.spec.dataset)
      guard dataset.digest == job.datasetDigest else { throw DatasetChangedError(name: dataset.name) }
      var trainer = Trainer(spec: job.spec, data: try self.pairs(of: dataset, for: job.spec))
      return trainer.run(ask: { shouldStop() ? .stop : .goOn }, onEpoch: onEpoch)
    }
  }
}
