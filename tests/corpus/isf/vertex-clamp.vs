varying vec2 left_coord;
varying float right;
void main() {
  isf_vertShaderInit();
  left_coord = clamp(isf_FragNormCoord - vec2(spread, 0.0), 0.0, 1.0);
  right = isf_FragNormCoord.x * 0.5 + 0.875;
}
