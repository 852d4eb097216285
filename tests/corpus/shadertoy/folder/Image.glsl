// frames 2
// expect 0,0: 102 204 0 255
// iChannel0: Buffer A
// iChannel1: Buffer B
// A counts fifths: two. B is twice this frame's A.
void mainImage(out vec4 c, in vec2 p) { ivec2 at = ivec2(p); c = vec4(texelFetch(iChannel0, at, 0).r, texelFetch(iChannel1, at, 0).r, 0.0, 1.0); }
