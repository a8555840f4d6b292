import "./styles/index.scss";
