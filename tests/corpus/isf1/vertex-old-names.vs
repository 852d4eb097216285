#version 120
attribute vec4 position;
varying vec4 old;
varying vec2 same;
varying float tint;
uniform float TIME;
void main(void) {
  vv_vertShaderInit();
  old = gl_Vertex;
  same = vv_FragNormCoord;
  tint = 0.2 + TIME + position.z;
  gl_Position = ftransform();
  gl_FrontColor = gl_Color;
}
