"""Gongzhi (共治): the working system of a district's neighbourhood governance."""
