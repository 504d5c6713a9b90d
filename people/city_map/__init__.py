"""The city's districts as SVG geometry: a frame, their shapes, and where names go. Pure. What is drawn on it is each
service's own."""

#: Both licences of the shapes ask for it (people/data/SOURCES.md).
ATTRIBUTION = "행정동 경계: 통계청 SGIS(공공누리 제1유형), vuski/admdongkor 가공(CC BY 4.0), 단순화"
