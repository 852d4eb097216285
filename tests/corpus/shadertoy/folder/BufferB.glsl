#iChannel0 "file://BufferA.glsl"
void mainImage(out vec4 c, in vec2 p) { c = 10.0 * FIFTH * texelFetch(iChannel0, ivec2(p), 0); }
