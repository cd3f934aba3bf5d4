/* Nothing is called by its name: a program that is started with this library in LD_PRELOAD tells the time of a test. */
