import Glibc
import Testing

/// Commands that read results, over the built programs and real trainings.
@Suite("Reading results end to end", .serialized)
struct ResultCommandTests {
  @Test("Results are selected, tabulated, compared, drawn and asked for in SQL")
  func results() throws {
    let daemon = try PrivateDaemon()
    let submitted = try daemon.ctl(
      "submit", "grid", "--name", "tuning", "--model", "BaseNet,BaseNetAux", "--dropout", "0,0.5", "--seeds", "1-3",
      "--dataset", "synthetic", "--train-pairs", "100", "--test-pairs", "100", "--epochs", "2", "--wait")
    #expect(submitted.status == 0, "\(submitted)")

    let jobs = try daemon.ctl("jobs", "--where", "study=tuning,model=BaseNet,seed=1-2,state=succeeded", "-o", "csv")
    #expect(jobs.status == 0 && jobs.standardOutput.split(separator: "\r\n").count == 1 + 4, "\(jobs)")
    let unknown = try daemon.ctl("jobs", "--where", "modle=BaseNet")
    #expect(unknown.status == 2 && unknown.standardError.contains("modle"), "\(unknown)")
    let twice = try daemon.ctl("jobs", "--where", "model=BaseNet", "--model", "BaseNetAux")
    #expect(twice.status == 2 && twice.standardError.contains("give it once"), "\(twice)")

    let best = try daemon.ctl("results", "--best", "test_loss", "--jobs", "-o", "latex")
    #expect(best.status == 0 && best.standardOutput.contains("\\toprule"), "\(best)")
    #expect(best.standardOutput.contains("best of each model: lowest mean test\\_loss"), "\(best)")

    let compared = try daemon.ctl(
      "compare", "model=BaseNetAux", "model=BaseNet", "--where", "study=tuning,dropout=0", "--half-width", "0.5")
    #expect(compared.status == 0 && compared.standardOutput.contains("3 pairs"), "\(compared)")
    #expect(compared.standardOutput.contains("paired by 3 shared seeds"), "\(compared)")
    let several = try daemon.ctl("compare", "model=BaseNetAux", "model=BaseNet")
    #expect(several.status == 2 && several.standardError.contains("differ in dropout (0, 0.5)"), "\(several)")

    let each = try daemon.ctl("compare", "model=BaseNetAux", "model=BaseNet", "--study", "tuning", "--each", "dropout")
    #expect(each.status == 0 && each.standardOutput.contains("after Holm over 2 comparisons"), "\(each)")
    #expect(each.lines.count { $0.hasPrefix("      0  A - B") || $0.hasPrefix("    0.5  A - B") } == 2, "\(each)")
    let said = try daemon.ctl("compare", "model=BaseNetAux", "model=BaseNet,dropout=0", "--each", "dropout")
    #expect(said.status == 2 && said.standardError.contains("says which dropout it means"), "\(said)")
    let paper = try daemon.ctl("compare", "model=BaseNetAux", "model=BaseNet", "--dropout", "0", "-o", "latex")
    #expect(paper.status == 0 && paper.standardOutput.contains("A $-$ B & "), "\(paper)")

    for (kind, mark) in [("curves", "epoch"), ("box", "test accuracy (%)"), ("grid", "dropout")] {
      let text = try daemon.ctl("plot", kind, "--width", "60")
      #expect(text.status == 0 && text.standardOutput.contains(mark), "\(text)")
      #expect(!text.standardOutput.contains("\u{1B}"), "no colours in a file")
      let path = "\(daemon.directory)/\(kind).svg"
      let file = try daemon.ctl("plot", kind, "-o", path)
      #expect(file.status == 0 && file.standardOutput.isEmpty && access(path, R_OK) == 0, "\(file)")
    }
    let nothing = try daemon.ctl("plot", "box", "--metric", "digit1_accuracy", "--model", "BaseNet")
    #expect(nothing.status == 1 && nothing.standardError.contains("no results to draw"), "\(nothing)")
  }

  @Test("SQL reads and nothing else, and an endless question leaves the daemon well")
  func sql() throws {
    let daemon = try PrivateDaemon()
    let count = try daemon.ctl("sql", "SELECT count(*) AS n FROM jobs", "-o", "csv")
    #expect(count.status == 0 && count.standardOutput == "n\r\n0\r\n", "\(count)")
    for statement in [
      "DELETE FROM jobs", "ATTACH '/tmp/x.db' AS x", "PRAGMA journal_mode = DELETE", "SELECT 1; SELECT 2",
    ] {
      let refused = try daemon.ctl("sql", statement)
      #expect(refused.status == 2 && refused.standardError.contains("sql: "), "\(refused)")
    }
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    let stopped = try daemon.ctl("sql", endless, "--limit", "0.2")
    #expect(stopped.status == 2 && stopped.standardError.contains("stopped after 0.2 s"), "\(stopped)")
    let cut = try daemon.ctl("sql", endless.replacing("max(i)", with: "i"), "--rows", "3", "-o", "csv")
    #expect(cut.status == 0 && cut.standardOutput == "i\r\n1\r\n2\r\n3\r\n", "\(cut)")
    #expect(cut.standardError.contains("there are more"), "\(cut)")
    #expect(try daemon.ctl("status").status == 0)
  }
}
