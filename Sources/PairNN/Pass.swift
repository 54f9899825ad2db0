import KernelAPI

/// What every layer needs to compute: the kernels, and the memory of one network.
package struct Pass {
  package let kernels: any KernelSet.Type
  package let parameters: MutableFloats
  package let workspace: MutableFloats
  /// Winners of pooling windows and labels.
  package let integers: MutableIntegers

  package init(
    kernels: any KernelSet.Type, parameters: MutableFloats, workspace: MutableFloats, integers: MutableIntegers
  ) {
    self.kernels = kernels
    self.parameters = parameters
    self.workspace = workspace
    self.integers = integers
  }
}

/// The scratch memory of a network, laid out before it is allocated.
package struct WorkspacePlan {
  package var floats = MemoryPlan()
  package var integers = MemoryPlan()

  package init() {}
}
