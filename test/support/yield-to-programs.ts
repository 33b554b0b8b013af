import { constants, setPriority } from 'node:os'

// Runs before each file of the project `rooms`: whole programs are measured beside them, and come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
