#extension GL_OES_standard_derivatives : enable
precision highp float;
uniform float time; uniform vec2 mouse; uniform vec2 resolution;
uniform sampler2D backbuffer; varying vec2 surfacePosition;
// size 4x2
// frames 3
// expect 0,0: 153 96 0 255
// expect 3,0: 153 96 0 255
// The last picture and a fifth, three times: 0.6. surfacePosition goes from -1 to 1 over the width at 2:1, so its
// |x| is 0.75 at the outer centres, half of it 0.375: 95.6.
void main() {
  float was = texture2D(backbuffer, gl_FragCoord.xy / resolution).r;
  gl_FragColor = vec4(was + 0.2, abs(surfacePosition.x) * 0.5, time * mouse.x, 1.0);
}
