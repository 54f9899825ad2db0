import PairNN
import Testing

@Suite struct InstructionSetTests {
  @Test("Without PAIRNET_ISA the fastest instruction set is chosen")
  func fastest() throws {
    #expect(try InstructionSet.chosen(environment: [:]) == InstructionSet.available.last)
    #expect(try InstructionSet.chosen(environment: ["PAIRNET_ISA": ""]) == InstructionSet.available.last)
    #expect(InstructionSet.available.first == .baseline)
  }

  @Test("PAIRNET_ISA forces an instruction set", arguments: InstructionSet.available)
  func forced(set: InstructionSet) throws {
    #expect(try InstructionSet.chosen(environment: ["PAIRNET_ISA": set.rawValue]) == set)
  }

  @Test("An unknown PAIRNET_ISA is refused with the names that are allowed")
  func unknown() {
    let error = #expect(throws: InstructionSetError.self) {
      try InstructionSet.chosen(environment: ["PAIRNET_ISA": "mmx"])
    }
    #expect(error?.description.contains("PAIRNET_ISA: 'mmx' is no instruction set; give one of baseline") == true)
  }
}
