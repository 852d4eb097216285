uniform sampler2D u_buffer0; uniform sampler2D u_doubleBuffer0; uniform sampler2D u_tex0;
uniform vec2 u_tex0Resolution; uniform vec2 u_resolution; varying vec2 v_texcoord;
// frames 2
// image u_tex0 quarters.png
// expect 0,0: 102 102 102 255
// The buffer holds 0.4; the double buffer is two fifths after two frames; the picture is 2 wide: 0.4 of 5.
void main() {
#if defined(BUFFER_0)
  gl_FragColor = vec4(0.4);
#elif defined(DOUBLE_BUFFER_0)
  gl_FragColor = texture2D(u_doubleBuffer0, v_texcoord) + 0.2;
#else
  gl_FragColor = vec4(texture2D(u_buffer0, v_texcoord).r, texture2D(u_doubleBuffer0, v_texcoord).g, u_tex0Resolution.x / 5.0, 1.0);
#endif
}
