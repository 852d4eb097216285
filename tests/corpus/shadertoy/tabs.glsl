// Common
// frames 2
// expect 0,0: 102 51 0 255
// In one file; A adds a fifth to itself, B copies A of this frame halved, the image shows both: 0.4 and 0.2.
float fifth() { return 0.2; }

// Buffer A
float own() { return fifth(); }
void mainImage(out vec4 c, in vec2 p) { c = texelFetch(iChannel0, ivec2(p), 0) + own(); }

// ---- Buffer B ----
float own() { return 0.5; }
void mainImage(out vec4 c, in vec2 p) { c = texelFetch(iChannel0, ivec2(p), 0) * own(); }

/* Image */
void mainImage(out vec4 c, in vec2 p) { vec2 uv = p / iResolution.xy; c = vec4(texture(iChannel0, uv).r, texture(iChannel1, uv).r, 0.0, 1.0); }
