-- PostgreSQL database dump
-- by Daniel Kowalczyk
SET standard_conforming_strings = on;

CREATE TABLE public.customers (
    id integer NOT NULL,
    full_name text,
    email character varying(255),
    ssn character varying(11),
    born date,
    balance numeric(10,2)
);

INSERT INTO public.customers VALUES (1001, 'Chidinma Okafor', 'chidinma.okafor@example.com', '987-65-4321', '1984-11-02', 120.50);
INSERT INTO public.customers (id, full_name, email) VALUES (1002, 'Daniel O''Kowalczyk', 'd.kowalczyk@example.net');

COPY public.customers (id, full_name, email, ssn, born, balance) FROM stdin;
1003	Priya Raghunathan	priya.r@example.org	987-65-4322	1990-05-30	-15.20
1004	Mikkel Sørensen	mikkel@example.com	\N	\N	990.00
\.
