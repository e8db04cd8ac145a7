// Processes, privileges, polling, signals.
#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#endif
