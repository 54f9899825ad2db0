/// The program's version, as `--version`, the API and every result's provenance give it.
package let pairnetVersion = "0.1.0"
