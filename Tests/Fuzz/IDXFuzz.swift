/// libFuzzer's entry: any bytes are an IDX file or are refused. Compiled with the reader's own sources by `Tests/Fuzz/run`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIDX(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(IDXError) {
    let file = try IDXFile(decoding: bytes, itemShape: [3, 2])
    precondition(file.values.count == file.count * 6, "what is accepted has the size that its header says")
  } catch {
    precondition(!error.description.isEmpty, "a refusal says why")
  }
  return 0
}
