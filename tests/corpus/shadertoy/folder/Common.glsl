#define FIFTH 0.2
