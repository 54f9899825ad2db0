// A layer between a program and its disk, to be loaded by LD_PRELOAD: it makes chosen calls on chosen files fail or
// freeze, keeps a journal of what reached the disk, and shifts the wall clock. The program itself is the unmodified one.
//
//   FAULT_RULES    rules separated by ',', each CALL:FILE:N:ACTION
//     CALL    write (also pwrite, and fallocate), sync (fsync and fdatasync), truncate, open, or any of these
//     FILE    the end of the file's path, as "pairnet.db-wal"; empty for every regular file
//     N       the passing that it happens at, counted from 1; with '+' also at all later ones
//     ACTION  EIO, ENOSPC, EROFS, SHORT (half of the bytes are written), FREEZE=SECONDS, KILL
//   FAULT_REPORT   a file that gets one line for each fault that happened: CALL FILE N ACTION
//   FAULT_JOURNAL  a file that gets each write, truncation and sync of files whose path contains FAULT_JOURNAL_OF, for
//                  whoever wants to know what a loss of power would have left (see Power.swift for its format)
//   FAULT_CLOCK    a file of 8 bytes, seconds that are added to the wall clock, and may change while the program runs
//
// Without these variables every call goes through unchanged.

#pragma once
