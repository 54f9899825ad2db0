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
    { run in
      let spec = run.job.spec
      let dataset = try self.load(spec.dataset)
      guard dataset.digest == run.job.datasetDigest else { throw DatasetChangedError(name: dataset.name) }
      if run.ask() == .stop { return .stopped }
      let pairs = try self.pairs(of: dataset, for: spec)
      if run.ask() == .stop { return .stopped }
      var trainer = Trainer(spec: spec, data: pairs)
      run.resume { checkpoint throws(CheckpointError) in try trainer.resume(from: checkpoint) }
      return trainer.run(ask: run.ask, onCheckpoint: run.save, onEpoch: run.record)
    }
  }
}
