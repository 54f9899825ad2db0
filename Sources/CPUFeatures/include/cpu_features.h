#pragma once

/// The x86-64 micro-architecture level that this machine runs: 4 (AVX-512), 3 (AVX2 and FMA) or 1 (baseline, and every other architecture).
int cpu_x86_64_level(void);
