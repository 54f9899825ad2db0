#include "kernel_intrinsics.h"
