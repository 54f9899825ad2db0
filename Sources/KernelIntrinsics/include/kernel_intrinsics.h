#pragma once

/// What Swift's vectors lack. Every function is inlined into the kernel that calls it, compiled for that kernel's
/// instruction set, and leaves no symbol behind that a linker could share between kernels.

typedef float pairnet_float16 __attribute__((ext_vector_type(16)));
typedef int pairnet_int16 __attribute__((ext_vector_type(16)));
typedef float pairnet_float8 __attribute__((ext_vector_type(8)));
typedef int pairnet_int8 __attribute__((ext_vector_type(8)));
typedef pairnet_float16 pairnet_float16_anywhere __attribute__((aligned(4)));
typedef pairnet_int16 pairnet_int16_anywhere __attribute__((aligned(4)));

// How vectors are passed differs between instruction sets; nothing here is ever called rather than inlined.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#define PAIRNET_INLINE static inline __attribute__((always_inline))

// `UnsafeRawPointer.loadUnaligned` is a generic function, which the compiler inlines only until a caller has grown
// large; then it calls a weak symbol, which the linker shares between kernels of different instruction sets.

PAIRNET_INLINE pairnet_float16 pairnet_load_floats(const float *_Nonnull source) {
  return *(const pairnet_float16_anywhere *)source;
}

PAIRNET_INLINE void pairnet_store_floats(float *_Nonnull target, pairnet_float16 value) {
  *(pairnet_float16_anywhere *)target = value;
}

PAIRNET_INLINE pairnet_int16 pairnet_load_integers(const int *_Nonnull source) {
  return *(const pairnet_int16_anywhere *)source;
}

PAIRNET_INLINE void pairnet_store_integers(int *_Nonnull target, pairnet_int16 value) {
  *(pairnet_int16_anywhere *)target = value;
}

/// The eight floats at `low` and `high`, four each.
PAIRNET_INLINE pairnet_float8 pairnet_load_table(const float *_Nonnull low, const float *_Nonnull high) {
  typedef float four __attribute__((ext_vector_type(4)));
  typedef four four_anywhere __attribute__((aligned(4)));
  four a = *(const four_anywhere *)low, b = *(const four_anywhere *)high;
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);
}

PAIRNET_INLINE pairnet_float8 pairnet_look_up_8(pairnet_float8 table, pairnet_int8 index) {
#if defined(__AVX2__)
  return (pairnet_float8)__builtin_ia32_permvarsf256(table, index);
#else
  pairnet_float8 result;
  for (int lane = 0; lane < 8; lane++) result[lane] = table[index[lane] & 7];
  return result;
#endif
}

/// Lane by lane table[index], for indices of 0...7: one permutation, which Swift cannot be made to emit dependably.
PAIRNET_INLINE pairnet_float16 pairnet_look_up(pairnet_float8 table, pairnet_int16 index) {
#if defined(__AVX512F__)
  pairnet_float16 wide = __builtin_shufflevector(table, table, 0, 1, 2, 3, 4, 5, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1);
  return (pairnet_float16)__builtin_ia32_permvarsf512(wide, index);
#else
  pairnet_float16 result;
  result.lo = pairnet_look_up_8(table, index.lo);
  result.hi = pairnet_look_up_8(table, index.hi);
  return result;
#endif
}

#pragma clang diagnostic pop
