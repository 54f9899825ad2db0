#pragma once

/// How often the calling thread has asked for memory, since it began; -1 where it cannot be counted.
long malloc_count(void);
