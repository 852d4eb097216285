// expect 0,0: 0 51 0 255
// A channel that is read with directions is a cube map; black when it is not fed.
void mainImage(out vec4 c, vec2 p) { vec3 rd = normalize(vec3(p, 1.0)); c = texture(iChannel0, rd) + textureLod(iChannel0, rd.xzy, 0.0); c.g += 0.2; }
